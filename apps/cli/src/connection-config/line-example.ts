/** A private line as control describes it, for tests. */
import type { LineDocuments } from "./line-plan.ts";

type Changes = { readonly [Part in keyof LineDocuments]?: Readonly<Record<string, unknown>> };

export function exampleDocuments(changes: Changes = {}): LineDocuments {
  return {
    connection: {
      sid: "TX0123456789abcdef0123456789abcdef",
      friendly_name: "Head office",
      type: "vpn",
      edge: "ashburn-ix",
      device: "tx-0123456789",
      routing_table: 1007,
      ip_routes: ["192.0.2.0/24", "198.51.100.0/25"],
      exchange_asn: 64512,
      customer_asn: 65010,
      exchange_peer_address: "169.254.10.0",
      customer_peer_address: "169.254.10.1",
      vpn_gateway_address: "203.0.113.9",
      ...changes.connection,
    },
    secrets: { bgp_password: "agreed-word", pre_shared_key: "agreed-key-0123", ...changes.secrets },
    exchange: {
      name: "ashburn",
      edges: ["ashburn-ix"],
      bgp_prefixes: [
        { prefix: "208.78.112.0/25", maximum_length: null },
        { prefix: "168.86.128.0/18", maximum_length: 24 },
      ],
      encryption_domain: ["208.78.112.0/25", "168.86.160.0/21"],
      ...changes.exchange,
    },
  };
}
