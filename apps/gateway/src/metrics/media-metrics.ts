import type { MediaRelay, SdpRelay } from "@tandem/media";
import type { Metrics } from "@tandem/telemetry";
import type { CallTally } from "./call-tally.ts";

export interface MediaSource {
  readonly relay: Pick<MediaRelay, "counts" | "ports">;
  readonly sdpRelay: Pick<SdpRelay, "openSessions"> | undefined;
  readonly tally: CallTally;
  readonly oneWayAudio: Readonly<Record<"caller" | "callee", number>>;
  /** Media addresses of the configuration; those of private lines are counted together, as `lines`. */
  readonly mediaInterfaces: ReadonlySet<string>;
}

/** Questions: are there ports left, does media flow, and is somebody not heard? */
export function addMediaMetrics(metrics: Metrics, source: MediaSource): void {
  metrics.gauges(
    "tandem_media_ports",
    "Port pairs by engine and media address: used, free, quarantined (resting after a call).",
    ["engine", "interface", "state"],
    (sample) => {
      for (const { engine, mediaInterface, used, free, quarantined } of source.relay.ports()) {
        const name = source.mediaInterfaces.has(mediaInterface) ? mediaInterface : "lines";
        sample(used, engine, name, "used");
        sample(free, engine, name, "free");
        sample(quarantined, engine, name, "quarantined");
      }
    },
  );
  metrics.gauge(
    "tandem_media_rtpengine_sessions",
    "Calls whose media a rtpengine carries.",
    () => source.sdpRelay?.openSessions ?? 0,
  );
  for (const [what, name, help] of [
    ["packets", "tandem_media_packets_total", "Media packets of calls that are over, from both sides."],
    ["bytes", "tandem_media_bytes_total", "UDP payload bytes of these packets."],
    [
      "lost",
      "tandem_media_lost_packets_total",
      "Packets of these calls that were lost before they reached us.",
    ],
    [
      "foreign",
      "tandem_media_foreign_packets_total",
      "Packets that came for these calls from elsewhere than their source policies take, and went no further.",
    ],
  ] as const) {
    metrics.counters(name, help, ["engine"], (sample) => source.tally.media(what, sample));
  }
  metrics.counters(
    "tandem_media_stray_packets_total",
    "Packets that came to a media port which no call had open.",
    [],
    (sample) => sample(source.relay.counts().strayPackets),
  );
  metrics.gauge(
    "tandem_media_busy_ports",
    "Port pairs left alone since another program has one of them.",
    () => source.relay.counts().busyPorts,
  );
  metrics.counters(
    "tandem_one_way_audio_total",
    "Calls in which one side was not heard.",
    ["side"],
    (sample) => {
      sample(source.oneWayAudio.caller, "caller");
      sample(source.oneWayAudio.callee, "callee");
    },
  );
}
