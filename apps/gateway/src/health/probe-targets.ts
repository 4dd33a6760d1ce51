import type { SnapshotCarrier, SnapshotTrunk } from "@tandem/contracts";
import { type JudgedCandidate, originationTarget, type RoutingTable } from "@tandem/routing";
import type { Path } from "@tandem/sip/user-agent";
import {
  chooseWay,
  type GatewayPlace,
  pathOf,
  possibleWays,
  type WaySubject,
} from "../egress/egress-ways.ts";
import { requestUriOf } from "../egress/sip-uri-text.ts";

export interface ProbeTarget {
  readonly sid: string;
  readonly uri: string;
  readonly edge: string | undefined;
  /** The way that calls to that address take; undefined: none. A dead line is probed too, to see it come back. */
  readonly pathTo: (address: string) => Path | undefined;
  /** The way that calls take whatever the address; undefined: the address decides. */
  readonly fixedPath: Path | undefined;
}

/** What targets are made of; `table` is asked again at each probe, since lines come and go. */
export interface ProbePlace {
  readonly table: () => RoutingTable;
  readonly place: GatewayPlace;
}

/** The enabled gateways of a carrier that this gateway would place calls to. */
export function targetsOfCarrier(carrier: SnapshotCarrier, { table, place }: ProbePlace): ProbeTarget[] {
  const targets: ProbeTarget[] = [];
  if (!carrier.enabled) return targets;
  for (const gateway of carrier.gateways) {
    const uri = table().uriOf(gateway);
    if (!gateway.enabled || !uri.ok || (gateway.edge !== null && gateway.edge !== place.edge)) continue;
    const subject: Subject = {
      kind: "carrier",
      sid: gateway.sid,
      uri: uri.value,
      edge: place.edge,
      network: { kind: "carrier" },
    };
    targets.push(...probeTarget(subject, table, place));
  }
  return targets;
}

/** An edge that nobody knows is no restriction: the call leaves where it came in. */
export function targetsOfTrunk(trunk: SnapshotTrunk, { table, place }: ProbePlace): ProbeTarget[] {
  return trunk.originationUrls.flatMap((url) => {
    const target = originationTarget(table(), trunk, url, place.edge);
    return "reason" in target || target.edge !== place.edge ? [] : probeTarget(target, table, place);
  });
}

type Subject = Pick<JudgedCandidate, "sid"> & WaySubject;

/** Empty: no way of this gateway leads there. */
function probeTarget(subject: Subject, table: () => RoutingTable, place: GatewayPlace): ProbeTarget[] {
  if (possibleWays(subject, table(), place).every(({ kind }) => kind === "none")) return [];
  const pathTo = (address: string | undefined): Path | undefined => {
    const chosen = chooseWay(subject, table(), place, address);
    return chosen?.kind === "way" ? pathOf(chosen.way) : undefined;
  };
  const { sid, uri, edge } = subject;
  return [{ sid, uri: requestUriOf(uri, undefined), edge, pathTo, fixedPath: pathTo(undefined) }];
}
