/** Records of a trunk's names, made of the edges that answer for it. */
import type { RecordData, SrvData } from "../wire/zone-record.ts";
import type { GatewayHost, TransportName } from "./gateway-host.ts";
import type { HealthView } from "./health-view.ts";
import { liveTiers } from "./live-tiers.ts";
import { services } from "./service-labels.ts";
import type { Tiers } from "./tiers.ts";

/**
 * Edges whose gateways stand in one SRV answer, the named one included: with three gateways each, targets and addresses
 * fit into one datagram.
 */
export const maximumSrvTiers = 4;
const priorityStep = 10;
/** All gateways of a level get the same share. */
const equalWeight = 10;
const naptrOrderStep = 10;
const naptrPreference = 50;

/**
 * Addresses of one family of the first edge that lives. Clients that only ask for addresses learn of another region
 * when theirs is dead, not before: they do not tell first and second choice apart.
 */
export function addressRecords(tiers: Tiers, type: "A" | "AAAA", health: HealthView): readonly RecordData[] {
  return hostAddresses(liveTiers(tiers, health)[0] ?? [], type);
}

export function hostAddresses(hosts: readonly GatewayHost[], type: "A" | "AAAA"): readonly RecordData[] {
  return type === "A"
    ? [...new Set(hosts.flatMap((host) => host.ipv4))].map((address) => ({ type, address }))
    : [...new Set(hosts.flatMap((host) => host.ipv6))].map((address) => ({ type, address }));
}

/** Hosts with their SRV data; the named edge has the lowest priority number, which is tried first (RFC 2782). */
export function serviceTargets(
  tiers: Tiers,
  transport: TransportName,
  health: HealthView,
): readonly { readonly host: GatewayHost; readonly data: SrvData }[] {
  return liveTiers(serving(tiers, transport), health)
    .slice(0, maximumSrvTiers)
    .flatMap((tier, index) =>
      tier.map((host) => ({
        host,
        data: {
          type: "SRV" as const,
          priority: (index + 1) * priorityStep,
          weight: equalWeight,
          port: host.ports[transport] ?? 0,
          target: host.name,
        },
      })),
    );
}

/** One for each transport that any edge of the name serves, TLS first. */
export function naptrRecords(tiers: Tiers, owner: string): readonly RecordData[] {
  return services
    .filter(({ transport }) => serving(tiers, transport).length > 0)
    .map(({ labels, naptr }, index) => ({
      type: "NAPTR",
      order: (index + 1) * naptrOrderStep,
      preference: naptrPreference,
      service: naptr,
      replacement: `${labels.join(".")}.${owner}`,
    }));
}

function serving(tiers: Tiers, transport: TransportName): Tiers {
  return tiers
    .map((tier) => tier.filter((host) => host.ports[transport] !== null))
    .filter((tier) => tier.length > 0);
}
