import type { EdgeRow, OriginationUrlRow, TrunkRow } from "@tandem/database";
import { parseCandidateUri } from "@tandem/routing";

/** The model has room for three. */
const maximumTargets = 3;
const defaultPorts = { plain: 5060, tls: 5061 };

export interface RequestTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * Where the customer sends requests: the localized names of the edges that the trunk's origination URLs name, in the
 * order of their priority, since there the customer is at home; then the generic name. None for a trunk without a domain.
 */
export function requestTargetsOf(
  trunk: Pick<TrunkRow, "domain_label" | "secure">,
  urls: readonly OriginationUrlRow[],
  edges: readonly EdgeRow[],
  baseDomain: string,
): readonly RequestTarget[] {
  if (trunk.domain_label === null) return [];
  const label = `${trunk.domain_label}.pstn`;
  const localized = edgesOf(urls, edges).map((edge) => ({
    host: `${label}.${edge.name}.${baseDomain}`,
    port: portOf(edge, trunk.secure),
  }));
  const somewhere = edges.find(({ kind }) => kind === "public");
  const generic = { host: `${label}.${baseDomain}`, port: portOf(somewhere, trunk.secure) };
  return [...localized.slice(0, maximumTargets - 1), generic];
}

function edgesOf(urls: readonly OriginationUrlRow[], edges: readonly EdgeRow[]): readonly EdgeRow[] {
  const named = urls
    .filter(({ enabled }) => enabled)
    .toSorted((one, other) => one.priority - other.priority)
    .flatMap(({ sip_url }) => {
      const parsed = parseCandidateUri(sip_url);
      const name = parsed.ok ? parsed.value.edge?.toLowerCase() : undefined;
      return edges.find((edge) => name === edge.name || name === edge.legacy_id) ?? [];
    });
  return [...new Set(named)];
}

function portOf(edge: EdgeRow | undefined, isSecure: boolean): number {
  if (isSecure) return edge?.tls_port ?? defaultPorts.tls;
  return edge?.udp_port ?? edge?.tcp_port ?? defaultPorts.plain;
}
