/** Reads the answers of FRR's vtysh. What is not understood is left out: nothing is known then. */

export interface BgpPeer {
  /** Address of the neighbour, or the device of an unnumbered one. */
  readonly peer: string;
  /** `Established`, `Idle`, `Connect`, `Active`, `OpenSent`, `OpenConfirm`. */
  readonly state: string;
}

export interface BfdPeer {
  readonly peer: string;
  readonly device: string | undefined;
  readonly status: string;
}

export interface RoutingDaemonState {
  readonly bgp: readonly BgpPeer[];
  readonly bfd: readonly BfdPeer[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * `show bgp summary json`: an object of address families with `peers` in each, in older releases `peers` itself. A
 * neighbour counts as the least it is in any family.
 */
export function readBgpSummary(output: string): readonly BgpPeer[] {
  const parsed = parseObject(output);
  if (parsed === undefined) return [];
  const states = new Map<string, string>();
  for (const family of [parsed, ...Object.values(parsed)]) {
    const peers = isFields(family) ? family["peers"] : undefined;
    for (const [peer, entry] of Object.entries(isFields(peers) ? peers : {})) {
      const state = isFields(entry) ? entry["state"] : undefined;
      if (typeof state !== "string") continue;
      if (!states.has(peer) || state !== "Established") states.set(peer, state);
    }
  }
  return [...states].map(([peer, state]) => ({ peer, state }));
}

/** `show bfd peers json`: a list. */
export function readBfdPeers(output: string): readonly BfdPeer[] {
  const parsed = parse(output);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((entry: unknown): readonly BfdPeer[] => {
    if (!isFields(entry)) return [];
    const { peer, status, interface: device } = entry;
    if (typeof peer !== "string" || typeof status !== "string") return [];
    return [{ peer, status, device: typeof device === "string" ? device : undefined }];
  });
}

function parseObject(output: string): Fields | undefined {
  const parsed = parse(output);
  return isFields(parsed) ? parsed : undefined;
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
