/** One row of what a firewall must know, in the spelling of the REST interface. */
import { type Static, Type } from "typebox";
import { TopologySource } from "./topology.ts";

const Port = Type.Integer({ minimum: 1, maximum: 65535 });
const PortSpan = Type.Object({ first_port: Port, last_port: Port });

export const IpRange = Type.Object({
  kind: Type.Enum(["signaling", "media"]),
  edge: Type.String({ pattern: "^[a-z0-9-]{1,63}$" }),
  legacy_id: Type.String({ pattern: "^[a-z0-9-]{1,63}$" }),
  /** `roaming`: the pseudo-edge. */
  edge_kind: Type.Enum(["private", "public", "roaming"]),
  /** CIDR text. Nothing else may stand here: it goes into firewall configurations. */
  network: Type.String({ pattern: "^[0-9a-f.:]{2,45}/[0-9]{1,3}$" }),
  /** Our ports, a transport each; `tls` is TCP. */
  ports: Type.Array(
    Type.Object({
      transport: Type.Enum(["udp", "tcp", "tls"]),
      first_port: Port,
      last_port: Port,
    }),
  ),
  /** The client's ports; null: it chooses. */
  client_ports: Type.Union([PortSpan, Type.Null()]),
  secure_media: Type.Array(Type.Enum(["ICE", "STUN", "SRTP"])),
  source: TopologySource,
});
export type IpRange = Static<typeof IpRange>;
