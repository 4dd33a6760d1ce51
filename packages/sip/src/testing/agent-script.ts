import assert from "node:assert/strict";
import { HandClock } from "@tandem/clock/testing";
import { Locator, type Resolver } from "../locate/index.ts";
import { defaultTransactionTimers } from "../transaction/index.ts";
import type { TransportProtocol } from "../transport/flow.ts";
import { UserAgent } from "../user-agent/index.ts";
import { WireDouble } from "./wire-double.ts";

/** A user agent between a wire and a program that the test plays, on a hand clock. */
export interface AgentScript {
  readonly clock: HandClock;
  readonly wire: WireDouble;
  readonly agent: UserAgent;
  readonly locator: Locator;
}

/** `addresses`: host names that the DNS knows, with their IPv4 addresses. The first question about one is asynchronous. */
export function agentScript(
  options: { protocol?: TransportProtocol; addresses?: Readonly<Record<string, readonly string[]>> } = {},
): AgentScript {
  const clock = new HandClock();
  const wire = new WireDouble(options.protocol ?? "UDP");
  const locator = new Locator({
    clock,
    resolver: resolverOf(options.addresses ?? {}),
    random: () => 0,
    cacheLimit: 100,
    protocols: ["UDP", "TCP", "TLS"],
    families: [4],
  });
  const agent = new UserAgent({
    clock,
    sink: wire,
    locator,
    timers: defaultTransactionTimers,
    productName: "Tandem/test",
  });
  wire.attach((text, on) => agent.layer.receive(text, on, on.isReliable ? "stream" : "datagram"));
  return { clock, wire, agent, locator };
}

/** However the script went, nothing of it is left once all timers have run out. */
export function expectNothingLeft({ clock, agent }: Pick<AgentScript, "clock" | "agent">): void {
  clock.advance(200_000);
  assert.deepEqual(agent.counts, { dialogs: 0, invites: 0 });
  assert.deepEqual(agent.layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
}

/** Every promise that can be settled is: the DNS of a script has answered. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function resolverOf(addresses: Readonly<Record<string, readonly string[]>>): Resolver {
  const none = { ok: false, code: "NODATA", ttlSeconds: 60 } as const;
  return {
    naptr: async () => none,
    srv: async () => none,
    aaaa: async () => none,
    a: async (name) => {
      const known = addresses[name];
      if (known === undefined) return none;
      return { ok: true, records: known.map((address) => ({ address })), ttlSeconds: 3600 };
    },
  };
}
