import type { HealthView, JudgedCandidate, RoutingTable } from "@tandem/routing";
import { type ChosenWay, type GatewayPlace, pathOf, possibleWays, type Way } from "../egress/egress-ways.ts";
import { interfaceFor } from "../egress/interface-choice.ts";
import { requestUriOf } from "../egress/sip-uri-text.ts";
import type { TargetHealthTable, TargetPath, TargetVerdict } from "./target-health.ts";

export interface CandidateHealthOptions {
  readonly place: GatewayPlace;
  readonly targets: TargetHealthTable;
  /** The snapshot in force; undefined: none. */
  readonly table: () => RoutingTable | undefined;
}

const up: TargetVerdict = { isDown: false, reason: "" };

/**
 * Health of a candidate before an attempt: down when every way that it may take is. A way is down with its line, or with
 * the target on that way. A line that falls back to the internet has one way more.
 */
export class CandidateHealth implements HealthView {
  readonly #options: CandidateHealthOptions;

  constructor(options: CandidateHealthOptions) {
    this.#options = options;
  }

  stateOf(candidate: JudgedCandidate): TargetVerdict {
    const { place, table: tableNow } = this.#options;
    const table = tableNow();
    if (table === undefined) return up;
    if (table.edgeNameOf(candidate.edge ?? place.edge) !== table.edgeNameOf(place.edge)) {
      return this.#overBackbone(candidate);
    }
    const ways = this.#likely(candidate, possibleWays(candidate, table, place));
    let first: TargetVerdict | undefined;
    for (const way of ways) {
      const verdict = this.#ofWay(candidate, way);
      if (!verdict.isDown || this.#isCovered(candidate, way)) return up;
      first ??= verdict;
    }
    return first ?? up;
  }

  /** Of a candidate of another edge no more is known than what its gateways told of earlier calls. */
  #overBackbone(candidate: JudgedCandidate): TargetVerdict {
    const { place, targets } = this.#options;
    const backbone = place.interfaces.find((one) => one.roles.includes("backbone"));
    if (backbone === undefined) return up;
    return targets.stateOf(targetPath(candidate, { interface: backbone, connection: undefined }));
  }

  /** Of a name whose lines are still to be found, those that it was seen to take; all while none was. */
  #likely(candidate: JudgedCandidate, ways: readonly ChosenWay[]): readonly ChosenWay[] {
    const seen = ways.filter(
      (one) => one.kind === "way" && this.#options.targets.knows(targetPath(candidate, one.way)),
    );
    return seen.length > 0 ? seen : ways;
  }

  #ofWay(candidate: JudgedCandidate, chosen: ChosenWay): TargetVerdict {
    const { place, targets } = this.#options;
    if (chosen.kind === "unusable") return { isDown: true, reason: chosen.text };
    // It is refused with its own reason, which no health can change.
    if (chosen.kind === "none") return up;
    const { connection } = chosen.way;
    const objection = connection && place.lines.objectionTo(connection.sid);
    if (objection !== undefined) return { isDown: true, reason: objection.text };
    return targets.stateOf(targetPath(candidate, chosen.way));
  }

  /** Its line is dead, and the internet stands in for it at once. */
  #isCovered(candidate: JudgedCandidate, chosen: ChosenWay): boolean {
    const connection = lineOf(chosen);
    const { place, targets } = this.#options;
    if (connection?.fallback !== "public") return false;
    if (chosen.kind === "way" && place.lines.objectionTo(connection.sid) === undefined) return false;
    const overInternet = interfaceFor(place.interfaces, "public", candidate.uri);
    if (overInternet === undefined) return true;
    const way = { interface: overInternet, connection: undefined };
    return !targets.stateOf(targetPath(candidate, way)).isDown;
  }
}

function lineOf(chosen: ChosenWay): Way["connection"] {
  if (chosen.kind === "none") return undefined;
  return chosen.kind === "way" ? chosen.way.connection : chosen.connection;
}

/** A candidate by one of its ways, as the table knows it. */
export function targetPath(candidate: Pick<JudgedCandidate, "sid" | "uri" | "edge">, way: Way): TargetPath {
  return {
    sid: candidate.sid,
    uri: requestUriOf(candidate.uri, undefined),
    edge: candidate.edge,
    path: pathOf(way),
  };
}
