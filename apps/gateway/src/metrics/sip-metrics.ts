import type { Metrics } from "@tandem/telemetry";
import type { Gateway } from "../gateway.ts";

type SipSource = Pick<Gateway, "sipCounts" | "agent" | "transport">;

/** Questions: what is spoken with the world, is something lost on the way, and does anything pile up? */
export function addSipMetrics(
  metrics: Metrics,
  gateway: SipSource,
  clock: { readonly pendingTimers: number },
): void {
  const { sipCounts, agent } = gateway;
  metrics.counters(
    "tandem_sip_requests_total",
    "SIP requests, those that are not answered too.",
    ["direction", "method", "transport"],
    (sample) => sipCounts.requests(sample),
  );
  metrics.counters(
    "tandem_sip_responses_total",
    "SIP responses.",
    ["direction", "status", "transport"],
    (sample) => sipCounts.responses(sample),
  );
  metrics.counters("tandem_sip_unreadable_total", "Texts that came and are no SIP.", [], (sample) =>
    sample(sipCounts.unreadable),
  );
  metrics.counters(
    "tandem_sip_retransmissions_total",
    "Messages that were sent again by us, and requests that came again.",
    ["direction", "kind"],
    (sample) => {
      const { requests, responses, absorbed } = agent.layer.repetitions;
      sample(requests, "sent", "request");
      sample(responses, "sent", "response");
      sample(absorbed, "received", "request");
    },
  );
  metrics.gauges("tandem_sip_transactions", "Transactions that are not over.", ["side"], (sample) => {
    const { client, server } = agent.layer.counts;
    sample(client, "client");
    sample(server, "server");
  });
  metrics.gauge("tandem_sip_dialogs", "Dialogs, early ones included.", () => agent.counts.dialogs);
  metrics.gauge("tandem_timers", "Pending timers of all kinds.", () => clock.pendingTimers);
  metrics.gauges(
    "tandem_sip_connections",
    "Connections, those being set up too.",
    ["transport"],
    (sample) => {
      const { connections = 0, secureConnections = 0 } = gateway.transport.counts();
      sample(connections - secureConnections, "TCP");
      sample(secureConnections, "TLS");
    },
  );
  metrics.counters(
    "tandem_sip_refused_total",
    "Datagrams of banned sources, and connections of those or too many.",
    ["kind"],
    (sample) => {
      const { refusedDatagrams = 0, refusedConnections = 0 } = gateway.transport.counts();
      sample(refusedDatagrams, "datagram");
      sample(refusedConnections, "connection");
    },
  );
  metrics.counters(
    "tandem_trace_messages_total",
    "SIP messages told to the collector of traces, and those dropped on the way; none: nothing is traced.",
    ["result"],
    (sample) => {
      const { trace } = gateway.transport.counts();
      if (trace === undefined) return;
      sample(trace.exported, "exported");
      sample(trace.dropped, "dropped");
    },
  );
}
