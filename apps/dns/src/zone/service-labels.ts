import type { TransportName } from "./gateway-host.ts";

/** RFC 3263 §4.1: `_sips._tcp` is TLS. In the order of preference that NAPTR tells. */
export const services: readonly {
  readonly labels: readonly [service: string, protocol: string];
  readonly transport: TransportName;
  /** Service field of NAPTR. */
  readonly naptr: string;
}[] = [
  { labels: ["_sips", "_tcp"], transport: "tls", naptr: "SIPS+D2T" },
  { labels: ["_sip", "_tcp"], transport: "tcp", naptr: "SIP+D2T" },
  { labels: ["_sip", "_udp"], transport: "udp", naptr: "SIP+D2U" },
];

export const protocolLabels: ReadonlySet<string> = new Set(services.map(({ labels }) => labels[1]));
