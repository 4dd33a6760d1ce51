import type { BackboneKey, Heartbeat } from "@tandem/contracts";
import { heartbeatMac, signedFields } from "./heartbeat-mac.ts";

/** What a gateway says of itself. */
export type HeartbeatFields = Pick<Heartbeat, "gateway" | "edge" | "atMs" | "draining" | "liveCalls">;

/** Text of the datagram. `key`: the first of `snapshot.backboneKeys`. */
export function signHeartbeat(fields: HeartbeatFields, key: BackboneKey): string {
  const signed = signedFields({ ...fields, formatVersion: 1, keyId: key.id });
  return JSON.stringify({ ...signed, mac: heartbeatMac(signed, key).toString("hex") } satisfies Heartbeat);
}
