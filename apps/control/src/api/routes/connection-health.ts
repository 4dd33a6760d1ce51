import type { ConnectionRow, GatewayRow } from "@tandem/database";
import Type, { type Static } from "typebox";
import { healthOf, isConnected } from "../../interconnect/index.ts";
import { iso8601 } from "../conventions/dates.ts";
import { Nullable } from "../conventions/parameters.ts";

const Text = Nullable(Type.String());
const Amount = Nullable(Type.Number());

/** A line on one gateway of its edge. */
export const ConnectionHealth = Type.Object({
  gateway: Type.String(),
  state: Type.String({ description: "up, down, unknown or unprovisioned." }),
  reason: Nullable(Type.String({ description: "Null when it is up." })),
  since: Text,
  link: Type.String(),
  route: Type.String(),
  bgp: Nullable(Type.String({ description: "State of the BGP session; null: none is known." })),
  bfd: Text,
  received_bytes: Amount,
  sent_bytes: Amount,
  received_bits_per_second: Amount,
  sent_bits_per_second: Amount,
  utilization_percent: Nullable(
    Type.Number({ description: "Of the bandwidth, by the busier direction, to a tenth." }),
  ),
});
export type ConnectionHealth = Static<typeof ConnectionHealth>;

/** `gateway`: one of the line's edge. What a gateway said before it was lost is not shown as if it still were so. */
export function presentConnectionHealth(
  line: Pick<ConnectionRow, "sid" | "bandwidth_mbps">,
  gateway: GatewayRow,
  nowMs: number,
): ConnectionHealth {
  if (!isConnected(gateway, nowMs)) return unknown(gateway.name, "the gateway is not connected to control");
  const health = healthOf(gateway, line.sid);
  if (health === undefined) return unknown(gateway.name, "the gateway has not said anything about the line");
  const rates = [health.receivedBitsPerSecond, health.sentBitsPerSecond].filter((rate) => rate !== null);
  return {
    gateway: gateway.name,
    state: health.state,
    reason: health.reason,
    since: iso8601(new Date(health.sinceMs)),
    link: health.link,
    route: health.route,
    bgp: health.bgp,
    bfd: health.bfd,
    received_bytes: health.receivedBytes,
    sent_bytes: health.sentBytes,
    received_bits_per_second: health.receivedBitsPerSecond,
    sent_bits_per_second: health.sentBitsPerSecond,
    utilization_percent: rates.length === 0 ? null : percentOf(Math.max(...rates), line.bandwidth_mbps),
  };
}

function percentOf(bitsPerSecond: number, bandwidthMbps: number): number {
  return Math.round((bitsPerSecond * 1000) / (bandwidthMbps * 1_000_000)) / 10;
}

function unknown(gateway: string, reason: string): ConnectionHealth {
  return {
    gateway,
    state: "unknown",
    reason,
    since: null,
    link: "unknown",
    route: "unknown",
    bgp: null,
    bfd: null,
    received_bytes: null,
    sent_bytes: null,
    received_bits_per_second: null,
    sent_bits_per_second: null,
    utilization_percent: null,
  };
}
