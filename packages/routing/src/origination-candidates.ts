import type { OriginationUrl, SnapshotTrunk } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { Candidate, HealthView, Routed, SkippedCandidate } from "./candidate.ts";
import type { ParsedCandidateUri } from "./candidate-uri.ts";
import type { RoutingTable } from "./routing-table.ts";
import { type Weighted, weightedOrder } from "./weighted-order.ts";

interface Drawn extends Weighted {
  readonly candidate: Candidate;
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
    const uri = url.enabled ? table.uriOf(url) : undefined;
    if (uri === undefined) {
      skipped.push(skip(url, reasons.candidateDisabled, "the origination URL is disabled"));
    } else if (!uri.ok) {
      skipped.push(skip(url, uri.reason, uri.text));
    } else {
      const candidate = candidateOf(table, trunk, url, uri.value, facts.edge, health);
      const { priority, weight } = url;
      (candidate.isDown === undefined ? up : down).push({ priority, weight, candidate });
    }
  }
  const ordered = [...weightedOrder(up, random), ...weightedOrder(down, random)];
  return { candidates: ordered.map((drawn) => drawn.candidate), skipped };
}

function candidateOf(
  table: RoutingTable,
  trunk: SnapshotTrunk,
  url: OriginationUrl,
  uri: ParsedCandidateUri,
  entryEdge: string,
  health: HealthView,
): Candidate {
  const namedEdge = uri.edge === undefined ? undefined : table.edgeByName(uri.edge);
  const state = health.stateOf(url.sid);
  return {
    kind: "origination-url",
    sid: url.sid,
    carrier: undefined,
    url: url.sipUrl,
    // A secure trunk always uses TLS, whatever the URL says.
    uri: trunk.secure && uri.transport !== "TLS" ? { ...uri, transport: "TLS" } : uri,
    edge: namedEdge?.name ?? entryEdge,
    isDown: state.isDown ? state.reason : undefined,
    why: `priority ${url.priority}, weight ${url.weight}${edgeNote(uri.edge, namedEdge?.name)}`,
    timers: trunk.timers,
    failoverOverrides: trunk.failoverOverrides,
  };
}

function edgeNote(written: string | undefined, name: string | undefined): string {
  if (written === undefined) return "";
  return name === undefined ? `, unknown edge ${written} ignored` : `, by edge ${name}`;
}

function skip(url: OriginationUrl, reason: SkippedCandidate["reason"], text: string): SkippedCandidate {
  return { sid: url.sid, url: url.sipUrl, reason, text };
}
