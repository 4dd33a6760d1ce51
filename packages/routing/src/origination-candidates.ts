import type { Edge, OriginationUrl, SnapshotTrunk } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import {
  type Candidate,
  type CandidateNetwork,
  type HealthView,
  type JudgedCandidate,
  judged,
  type Routed,
  type SkippedCandidate,
} from "./candidate.ts";
import type { ParsedCandidateUri } from "./candidate-uri.ts";
import { namedConnection } from "./named-connection.ts";
import type { RoutingTable } from "./routing-table.ts";
import { type Weighted, weightedOrder } from "./weighted-order.ts";

interface Drawn extends Weighted {
  readonly candidate: Candidate;
}

/** Where an origination URL leaves. */
interface Way {
  readonly edge: string;
  readonly network: CandidateNetwork;
  /** For `why`. */
  readonly note: string;
}

/**
 * The trunk's origination URLs in the order to try them: by priority, equal priorities by weighted draws among those
 * that are up, then those that are down in the same manner.
 * @param facts edge: where the call entered
 */
export function originationCandidates(
  table: RoutingTable,
  trunk: SnapshotTrunk,
  facts: { readonly edge: string },
  health: HealthView,
  random: () => number,
): Routed {
  const up: Drawn[] = [];
  const down: Drawn[] = [];
  const skipped: SkippedCandidate[] = [];
  for (const url of trunk.originationUrls) {
    const found = originationTarget(table, trunk, url, facts.edge);
    if ("reason" in found) {
      skipped.push(found);
      continue;
    }
    const { priority, weight } = url;
    const candidate = judged(found, health);
    (candidate.isDown === undefined ? up : down).push({ priority, weight, candidate });
  }
  const ordered = [...weightedOrder(up, random), ...weightedOrder(down, random)];
  return { candidates: ordered.map((drawn) => drawn.candidate), skipped };
}

/**
 * An origination URL as a candidate, whatever its health; or why it is none.
 * @param entryEdge where the call entered
 */
export function originationTarget(
  table: RoutingTable,
  trunk: SnapshotTrunk,
  url: OriginationUrl,
  entryEdge: string,
): JudgedCandidate | SkippedCandidate {
  if (!url.enabled) return skip(url, reasons.candidateDisabled, "the origination URL is disabled");
  const parsed = table.uriOf(url);
  if (!parsed.ok) return skip(url, parsed.reason, parsed.text);
  const uri = parsed.value;
  const way = wayOf(table, trunk.accountSid, uri, entryEdge);
  if ("reason" in way) return skip(url, way.reason, way.text);
  return {
    kind: "origination-url",
    sid: url.sid,
    carrier: undefined,
    url: url.sipUrl,
    // A secure trunk always uses TLS, whatever the URL says.
    uri: trunk.secure && uri.transport !== "TLS" ? { ...uri, transport: "TLS" } : uri,
    edge: way.edge,
    network: way.network,
    why: `priority ${url.priority}, weight ${url.weight}${way.note}`,
    timers: trunk.timers,
    failoverOverrides: trunk.failoverOverrides,
  };
}

/** A line that is named goes before an edge that is; an edge that nobody knows is no restriction. */
function wayOf(
  table: RoutingTable,
  accountSid: string,
  uri: ParsedCandidateUri,
  entryEdge: string,
): Way | Pick<SkippedCandidate, "reason" | "text"> {
  if (uri.tnx !== undefined) {
    const named = namedConnection(table, uri.tnx, accountSid);
    if (!named.ok) return named;
    const { connection } = named;
    const network = { kind: "line", connection } as const;
    return { edge: connection.edge, network, note: `, by line ${connection.sid}` };
  }
  const edge = uri.edge === undefined ? undefined : table.edgeByName(uri.edge);
  if (edge !== undefined) {
    return { edge: edge.name, network: networkOf(edge, accountSid), note: `, by edge ${edge.name}` };
  }
  const note = uri.edge === undefined ? "" : `, unknown edge ${uri.edge} ignored`;
  return { edge: entryEdge, network: { kind: "entry", accountSid }, note };
}

function networkOf(edge: Edge, accountSid: string): CandidateNetwork {
  return edge.kind === "private" ? { kind: "lines", accountSid } : { kind: "public" };
}

function skip(url: OriginationUrl, reason: SkippedCandidate["reason"], text: string): SkippedCandidate {
  return { sid: url.sid, url: url.sipUrl, reason, text };
}
