import type { Metrics } from "@tandem/telemetry";
import type { GatewayCall, LiveCalls } from "../calls/live-calls.ts";

type CallsSource = Pick<LiveCalls, "tally" | "all">;

/** Questions: how many calls are there, what becomes of them, how long do callers wait, and how do they sound? */
export function addCallMetrics(metrics: Metrics, { calls }: { readonly calls: CallsSource }): void {
  const { tally } = calls;
  metrics.gauges(
    "tandem_calls_active",
    "Calls that entered here, in set-up or answered.",
    ["direction", "state"],
    (sample) => {
      for (const direction of ["termination", "origination"]) {
        for (const state of ["set-up", "answered"]) sample(0, direction, state);
      }
      for (const call of calls.all()) if (!call.isLeg) sample(1, ...stateOf(call));
    },
  );
  metrics.gauge(
    "tandem_backbone_legs_active",
    "Attempts that this gateway carries for calls that entered at a sister.",
    () => calls.all().filter((call) => call.isLeg).length,
  );
  metrics.counters(
    "tandem_calls_total",
    "Calls that are over: class of the final status code, and the reason of docs/reasons.md, none for ordinary ends.",
    ["direction", "status", "reason", "code"],
    (sample) => tally.calls(sample),
  );
  metrics.counters(
    "tandem_attempts_total",
    "Attempts of calls that are over: answered, failed, skipped (never sent), abandoned (the caller gave up), and why.",
    ["result", "reason", "code"],
    (sample) => tally.attempts(sample),
  );
  metrics.counters(
    "tandem_carrier_attempts_total",
    "Attempts by carrier, with `perCarrier` alone: 100 carriers, all others as `other`.",
    ["carrier", "result"],
    (sample) => tally.carrierAttempts(sample),
  );
  metrics.addHistogram(
    "tandem_post_dial_delay_seconds",
    "From the INVITE to the first 18x or 2xx that the caller got.",
    tally.postDialDelay,
  );
  metrics.addHistogram("tandem_call_duration_seconds", "From the answer to the end.", tally.duration);
  metrics.addHistogram(
    "tandem_call_mos",
    "Mean opinion score (ITU-T G.107) of what came from one side, over a whole call, at its end.",
    tally.score,
  );
}

function stateOf(call: GatewayCall): [direction: string, state: string] {
  const { direction, answeredAtMs } = call.describe();
  return [direction, answeredAtMs === null ? "set-up" : "answered"];
}
