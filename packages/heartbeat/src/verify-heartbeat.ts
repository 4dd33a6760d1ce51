import { timingSafeEqual } from "node:crypto";
import { type BackboneKey, Heartbeat, validator } from "@tandem/contracts";
import { heartbeatMac, signedFields } from "./heartbeat-mac.ts";

/** A heartbeat of the longest names is shorter; longer datagrams are not read. */
export const maximumHeartbeatBytes = 1400;
/** A heartbeat whose wall clock is off by more, in either direction, is refused. */
export const maximumHeartbeatSkewMs = 30_000;

export type HeartbeatError =
  /** More than `maximumHeartbeatBytes`. */
  | "too-long"
  | "not-json"
  /** JSON, but not of the contract. */
  | "not-a-heartbeat"
  /** Its key id is not among the keys. */
  | "unknown-key"
  | "wrong-mac"
  /** Signed well, but too old or from the future. */
  | "wrong-time";

export type VerifiedHeartbeat =
  | { readonly ok: true; readonly value: Heartbeat }
  | { readonly ok: false; readonly error: HeartbeatError };

const validHeartbeat = validator(Heartbeat);

/**
 * What may be believed of a datagram. That `atMs` grows from one heartbeat of a gateway to its next is the reader's to
 * hold to: only it knows the one before.
 * @param keys `backboneKeys` of the snapshot
 * @param nowMs wall clock
 */
export function verifyHeartbeat(
  text: string,
  keys: readonly BackboneKey[],
  nowMs: number,
): VerifiedHeartbeat {
  if (Buffer.byteLength(text) > maximumHeartbeatBytes) return refused("too-long");
  const content = parseJson(text);
  if (content === undefined) return refused("not-json");
  const checked = validHeartbeat(content);
  if (!checked.ok) return refused("not-a-heartbeat");
  const { mac, ...fields } = checked.value;
  const key = keys.find((one) => one.id === fields.keyId);
  if (key === undefined) return refused("unknown-key");
  if (!timingSafeEqual(heartbeatMac(fields, key), Buffer.from(mac, "hex"))) return refused("wrong-mac");
  if (Math.abs(nowMs - fields.atMs) > maximumHeartbeatSkewMs) return refused("wrong-time");
  // Fields that were not signed are not passed on.
  return { ok: true, value: { ...signedFields(fields), mac } };
}

function refused(error: HeartbeatError): VerifiedHeartbeat {
  return { ok: false, error };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
