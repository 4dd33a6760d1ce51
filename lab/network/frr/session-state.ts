import type { Frr } from "./frr.ts";

export interface SessionState {
  /** `Established`, `Idle`, …; undefined: no such neighbor. */
  readonly bgp: string | undefined;
  /** `up`, `down`; undefined: no such session. */
  readonly bfd: string | undefined;
  /** Networks that were accepted from the neighbor. */
  readonly acceptedPrefixes: number;
}

interface BgpSummary {
  readonly peers?: Readonly<Record<string, { readonly state: string; readonly pfxRcd?: number }>>;
}

type BfdPeers = readonly { readonly peer: string; readonly status: string }[];

/** What FRR knows of the session with that neighbor. */
export function sessionState(frr: Frr, neighborAddress: string): SessionState {
  const summary = JSON.parse(frr.vtysh("-c", "show bgp ipv4 unicast summary json")) as BgpSummary;
  const neighbor = summary.peers?.[neighborAddress];
  return {
    bgp: neighbor?.state,
    bfd: bfdState(frr, neighborAddress),
    acceptedPrefixes: neighbor?.pfxRcd ?? 0,
  };
}

/** Of BFD alone: one look, as fast as it gets. */
export function bfdState(frr: Frr, neighborAddress: string): string | undefined {
  const peers = JSON.parse(frr.vtysh("-d", "bfdd", "-c", "show bfd peers json")) as BfdPeers;
  return peers.find((one) => one.peer === neighborAddress)?.status;
}

/**
 * Wall clock of the moment when bgpd took the session with that neighbor down, by its own log, and the reason it gave;
 * undefined: it has not since then.
 */
export function wentDown(
  frr: Frr,
  neighborAddress: string,
  sinceMs: number,
): { readonly atMs: number; readonly reason: string } | undefined {
  const rows = frr.log("bgpd").split("\n");
  const downs = rows.flatMap((row) => {
    const match = /^(\S+ \S+) BGP: .*%ADJCHANGE: neighbor ([\d.]+)\S* in vrf \S+ Down (.*)$/.exec(row);
    if (match === null || match[2] !== neighborAddress) return [];
    return [{ atMs: Date.parse(match[1]?.replaceAll("/", "-") ?? ""), reason: match[3] ?? "" }];
  });
  return downs.find((down) => down.atMs >= sinceMs);
}
