import { Metrics } from "@tandem/telemetry";
import type { Gateway } from "../gateway.ts";
import { addCallMetrics } from "./call-metrics.ts";
import { addDefenceMetrics } from "./defence-metrics.ts";
import { addLimitMetrics } from "./limit-metrics.ts";
import { addMediaMetrics, type MediaSource } from "./media-metrics.ts";
import { addNeighbourMetrics } from "./neighbour-metrics.ts";
import { addSipMetrics } from "./sip-metrics.ts";
import { addStateMetrics, type StateSource } from "./state-metrics.ts";

export interface GatewayMetricsSource
  extends Omit<StateSource, "clock" | "gateway">,
    Pick<MediaSource, "relay" | "sdpRelay" | "mediaInterfaces"> {
  readonly clock: StateSource["clock"] & { readonly pendingTimers: number };
  readonly gateway: Gateway;
  readonly perCarrier: boolean;
}

/** Everything that a gateway says of itself in numbers. Nothing is read before the text is asked for. */
export function gatewayMetrics(source: GatewayMetricsSource): Metrics {
  const { gateway, clock, relay, sdpRelay, mediaInterfaces, perCarrier } = source;
  const metrics = new Metrics();
  addCallMetrics(metrics, gateway);
  addSipMetrics(metrics, gateway, clock);
  addDefenceMetrics(metrics, gateway);
  addLimitMetrics(metrics, gateway);
  addNeighbourMetrics(metrics, gateway, { perCarrier });
  addMediaMetrics(metrics, {
    relay,
    sdpRelay,
    mediaInterfaces,
    tally: gateway.calls.tally,
    oneWayAudio: gateway.oneWayAlerts.counts,
  });
  addStateMetrics(metrics, source);
  return metrics;
}

/** What keeps this gateway from taking calls; empty: nothing. */
export function gatewayNotReady({ snapshots, isOpen, core }: Gateway): readonly string[] {
  return [
    ...(snapshots.table === undefined ? ["no snapshot"] : []),
    ...(isOpen ? [] : ["interfaces not bound"]),
    ...(core.isDraining ? ["draining"] : []),
  ];
}
