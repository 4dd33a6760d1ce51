import { createHmac } from "node:crypto";
import type { BackboneKey, Heartbeat } from "@tandem/contracts";

/** What is signed: the fields in the order of the contract, whatever order an object or a datagram has them in. */
export function signedFields(heartbeat: Omit<Heartbeat, "mac">): Omit<Heartbeat, "mac"> {
  const { formatVersion, gateway, edge, atMs, draining, liveCalls, keyId } = heartbeat;
  return { formatVersion, gateway, edge, atMs, draining, liveCalls, keyId };
}

/** HMAC-SHA256 over the JSON text of the signed fields, as UTF-8. */
export function heartbeatMac(heartbeat: Omit<Heartbeat, "mac">, key: BackboneKey): Buffer {
  return createHmac("sha256", Buffer.from(key.secret, "hex"))
    .update(JSON.stringify(signedFields(heartbeat)))
    .digest();
}
