import type { Metrics } from "@tandem/telemetry";
import type { Gateway } from "../gateway.ts";

/** Questions: who knocks without being known, and is more asked for than can be done? */
export function addDefenceMetrics(metrics: Metrics, gateway: Pick<Gateway, "door" | "backbone">): void {
  const { door, backbone } = gateway;
  metrics.counters(
    "tandem_strangers_ignored_total",
    "Messages of nobody known, which got no answer, or a bare one to a probe.",
    [],
    (sample) => sample(door.shield.counts().strangers),
  );
  metrics.counters("tandem_bans_total", "Sources that were banned for a time.", [], (sample) =>
    sample(door.shield.counts().bans),
  );
  metrics.counters(
    "tandem_banned_turned_away_total",
    "Datagrams and connections of banned sources.",
    [],
    (sample) => sample(door.shield.counts().turnedAway),
  );
  metrics.gauge(
    "tandem_banned_sources",
    "Sources that are banned now.",
    () => door.shield.counts().bannedSources,
  );
  metrics.gauge("tandem_overloaded", "1 while the program can't keep up and refuses new work.", () =>
    door.overload.isOverloaded ? 1 : 0,
  );
  metrics.counters(
    "tandem_overload_refusals_total",
    "Requests refused with 503 for overload.",
    [],
    (sample) => sample(door.overload.refused),
  );
  metrics.counters(
    "tandem_unverified_callers_dropped_total",
    "First requests of sources that may be anybody, beyond the ration of challenges.",
    [],
    (sample) => sample(door.callers.dropped),
  );
  metrics.counters(
    "tandem_backbone_silences_total",
    "Messages on the backbone that got no answer, and why.",
    ["why"],
    (sample) => {
      for (const [why, count] of backbone.gate.silences) sample(count, why);
    },
  );
}
