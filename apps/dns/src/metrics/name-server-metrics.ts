import { Metrics } from "@tandem/telemetry";
import type { NameServer } from "../name-server.ts";

type NameServerSource = Pick<
  NameServer,
  "counts" | "connections" | "zoneVersion" | "appliedAtMs" | "gatewaysByState"
>;

/** Everything that a name server says of itself in numbers. */
export function nameServerMetrics(
  server: NameServerSource,
  link: { readonly isConnected: boolean },
): Metrics {
  const metrics = new Metrics();
  metrics.counters("tandem_dns_queries_total", "Questions that came.", ["transport"], (sample) => {
    sample(server.counts.udpQueries, "UDP");
    sample(server.counts.tcpQueries, "TCP");
  });
  metrics.counters(
    "tandem_dns_questions_total",
    "What they asked for; other: a type not served here.",
    ["type"],
    (sample) => {
      for (const [type, count] of Object.entries(server.counts.types)) sample(count, type);
    },
  );
  metrics.counters("tandem_dns_responses_total", "Answers by response code.", ["code"], (sample) => {
    for (const [code, count] of Object.entries(server.counts.responses)) sample(count, code);
  });
  metrics.counters(
    "tandem_dns_limited_total",
    "Questions above the rate of their network: answered with TC alone (slipped), or not (dropped).",
    ["kind"],
    (sample) => {
      sample(server.counts.slipped, "slipped");
      sample(server.counts.dropped, "dropped");
    },
  );
  metrics.counters("tandem_dns_truncated_total", "Answers over UDP that were too long.", [], (sample) =>
    sample(server.counts.truncated),
  );
  metrics.gauge("tandem_dns_connections", "Open TCP connections.", () => server.connections);
  metrics.gauge("tandem_control_connected", "1 while the stream to control is open.", () =>
    link.isConnected ? 1 : 0,
  );
  metrics.gauge(
    "tandem_zone_version",
    "Version of the zone that is answered by; 0: none.",
    () => server.zoneVersion,
  );
  metrics.gauge("tandem_zone_applied_timestamp_seconds", "When it was applied, Unix time.", () =>
    server.appliedAtMs === undefined ? undefined : server.appliedAtMs / 1000,
  );
  metrics.gauges(
    "tandem_dns_gateways",
    "Gateways of the zone by what their heartbeats say.",
    ["state"],
    (sample) => {
      for (const [state, count] of Object.entries(server.gatewaysByState())) sample(count, state);
    },
  );
  metrics.gauge("tandem_dns_fails_open", "1: all gateways of the zone are silent, and all are told.", () =>
    failsOpen(server.gatewaysByState()) ? 1 : 0,
  );
  return metrics;
}

/** What keeps a name server from answering; empty: nothing. */
export function nameServerNotReady({ zoneVersion }: Pick<NameServer, "zoneVersion">): readonly string[] {
  return zoneVersion === 0 ? ["no zone"] : [];
}

function failsOpen({ silent = 0, alive = 0, draining = 0 }: Readonly<Record<string, number>>): boolean {
  return silent > 0 && alive + draining === 0;
}
