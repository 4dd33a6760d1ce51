import type { Clock } from "@tandem/clock";
import type { BackboneKey } from "@tandem/contracts";
import { type HeartbeatError, maximumHeartbeatBytes, verifyHeartbeat } from "@tandem/heartbeat";
import type { NetworkRates } from "../server/network-rates.ts";
import { sourceNetwork } from "../server/source-network.ts";
import type { GatewayHealth, HeartbeatVerdict } from "./gateway-health.ts";

export type HeartbeatRefusal = HeartbeatError | Exclude<HeartbeatVerdict, "accepted"> | "too-many";

export interface HeartbeatIntakeOptions {
  readonly clock: Clock;
  readonly health: GatewayHealth;
  readonly rates: NetworkRates;
  /** Of the zone in force. */
  readonly keys: () => readonly BackboneKey[];
  readonly onRefused: (why: HeartbeatRefusal, address: string) => void;
}

/** Datagrams at the heartbeat socket. There is never an answer: what is refused learns nothing. */
export function takeHeartbeat(bytes: Buffer, address: string, options: HeartbeatIntakeOptions): void {
  const { clock, health, rates, keys, onRefused } = options;
  if (rates.take(sourceNetwork(address)) > 0) {
    onRefused("too-many", address);
    return;
  }
  if (bytes.length > maximumHeartbeatBytes) {
    onRefused("too-long", address);
    return;
  }
  const verified = verifyHeartbeat(bytes.toString("utf8"), keys(), clock.wallMs());
  const refusal = verified.ok ? health.receive(verified.value) : verified.error;
  if (refusal !== "accepted") onRefused(refusal, address);
}
