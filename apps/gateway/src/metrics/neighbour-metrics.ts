import type { Metrics } from "@tandem/telemetry";
import type { Gateway } from "../gateway.ts";

type NeighbourSource = Pick<Gateway, "health" | "lines" | "registrations" | "backbone">;

/** Questions: which carriers, customers, lines and sisters can be reached? Numbers of them: which ones, control tells. */
export function addNeighbourMetrics(
  metrics: Metrics,
  gateway: NeighbourSource,
  options: { readonly perCarrier: boolean },
): void {
  metrics.gauges(
    "tandem_targets",
    "Ways to carrier gateways and origination URLs by health; unknown: nothing was ever heard.",
    ["state"],
    (sample) => {
      for (const [state, count] of Object.entries(gateway.health.counts())) sample(count, state);
    },
  );
  metrics.gauges("tandem_connections", "Private lines of this edge by state.", ["state"], (sample) => {
    for (const state of ["up", "down", "unknown", "unprovisioned"]) sample(0, state);
    for (const { state } of gateway.lines.health.describe()) sample(1, state);
  });
  metrics.gauges(
    "tandem_carrier_registrations",
    "Registrations at carriers by state.",
    ["state"],
    (sample) => {
      for (const state of ["registered", "unregistered", "failed"]) sample(0, state);
      for (const state of gateway.registrations().values()) sample(1, state);
    },
  );
  metrics.gauges(
    "tandem_carrier_registered",
    "1: registered at that carrier; with `perCarrier` alone, 100 carriers.",
    ["carrier"],
    (sample) => {
      if (!options.perCarrier) return;
      const states = [...gateway.registrations()].slice(0, maximumRegisteredCarriers);
      for (const [carrierSid, state] of states) sample(state === "registered" ? 1 : 0, carrierSid);
    },
  );
  metrics.gauges("tandem_sisters", "Sister gateways by state.", ["state"], (sample) => {
    for (const { state } of gateway.backbone.state()) sample(1, state);
  });
}

/** Carriers with a series of their own. */
export const maximumRegisteredCarriers = 100;
