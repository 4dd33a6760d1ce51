/** What a firewall must allow, before it is written in some firewall's language; the JSON of `tandem firewall`. */
import { type Static, Type } from "typebox";

const Port = Type.Integer({ minimum: 1, maximum: 65535 });
/** Null: any port. */
const Ports = Type.Union([Type.Object({ first: Port, last: Port }), Type.Null()]);

/** Networks of the exchange, all of one family, that the same rules are for. */
export const FirewallSet = Type.Object({
  /** `signaling`, `signaling-2`, `media-v6`: letters, digits and hyphens. */
  name: Type.String({ pattern: "^[a-z0-9-]+$" }),
  family: Type.Enum([4, 6]),
  networks: Type.Array(Type.String(), { minItems: 1 }),
  edges: Type.Array(Type.String(), { minItems: 1 }),
});
export type FirewallSet = Static<typeof FirewallSet>;

export const FirewallRule = Type.Object({
  /** Unique in the plan. */
  name: Type.String({ pattern: "^[a-z0-9-]+$" }),
  /** Seen from the side whose firewall it is. */
  direction: Type.Enum(["in", "out"]),
  /** Whether the exchange sends these packets. */
  fromExchange: Type.Boolean(),
  protocol: Type.Enum(["udp", "tcp"]),
  /** Name of the set. */
  set: Type.String(),
  exchangePorts: Ports,
  clientPorts: Ports,
  /** Only answers within what another rule has let begin; a stateful firewall may do without. */
  isReply: Type.Boolean(),
});
export type FirewallRule = Static<typeof FirewallRule>;

export const FirewallPlan = Type.Object({
  /** Whose firewall. */
  perspective: Type.Enum(["customer", "exchange"]),
  sets: Type.Array(FirewallSet),
  rules: Type.Array(FirewallRule),
});
export type FirewallPlan = Static<typeof FirewallPlan>;
