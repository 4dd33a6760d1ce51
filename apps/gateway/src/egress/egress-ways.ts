import { isIP } from "node:net";
import type { InterfaceConfiguration, SnapshotConnection } from "@tandem/contracts";
import { type Reason, reasons } from "@tandem/reasons";
import { type JudgedCandidate, mayUse, type RoutingTable } from "@tandem/routing";
import type { Path } from "@tandem/sip/user-agent";
import type { Backbone } from "../backbone/backbone.ts";
import type { LineObjection } from "../lines/connection-health-table.ts";
import type { LineAttribution } from "../lines/line-attribution.ts";
import type { ServiceRoute } from "../registration/service-route.ts";
import type { AuthenticationService } from "../stir/authentication-service.ts";
import { interfaceFor, serves } from "./interface-choice.ts";

/** What the choice of a way asks of the gateway's private lines. */
export interface LineView {
  readonly attribution: LineAttribution;
  /** The interface that carries new calls over a line; undefined: none on this gateway. */
  interfaceOf(connection: SnapshotConnection): InterfaceConfiguration | undefined;
  /** Why a line is better not used; undefined: use it. */
  objectionTo(sid: string): LineObjection | undefined;
}

/** Where this gateway stands. */
export interface GatewayPlace {
  /** Edge of this gateway. */
  readonly edge: string;
  /** With the roles that they have; the lines' own are not among them. */
  readonly interfaces: readonly InterfaceConfiguration[];
  readonly lines: LineView;
  /** The way to gateways of other edges; left out: there is none. */
  readonly backbone?: Pick<Backbone, "route"> | undefined;
  /** The route for calls by this gateway's binding at a carrier's registrar; undefined: none, or no binding. */
  readonly serviceRoute?: (carrierSid: string) => ServiceRoute | undefined;
  /** Signs calls to carriers that want it; left out: this gateway has no key. */
  readonly authentication?: Pick<AuthenticationService, "sign"> | undefined;
}

/** A network by which an attempt may leave. */
export interface Way {
  readonly interface: InterfaceConfiguration;
  /** The private line; undefined: none. */
  readonly connection: SnapshotConnection | undefined;
}

export type ChosenWay =
  | { readonly kind: "way"; readonly way: Way }
  /** A line was chosen that can't be used on this gateway now. */
  | { readonly kind: "unusable"; readonly connection: SnapshotConnection; readonly text: string }
  | { readonly kind: "none"; readonly reason: Reason; readonly text: string };

export type WaySubject = Pick<JudgedCandidate, "kind" | "uri" | "edge" | "network">;

export function pathOf({ interface: { name }, connection }: Way): Path {
  return { interfaceName: name, connection: connection?.sid };
}

/** The numeric address of a candidate that has no name to locate. */
export function literalAddress({ uri }: Pick<WaySubject, "uri">): string | undefined {
  const host = uri.host.replace(/^\[|\]$/g, "");
  return isIP(host) === 0 ? undefined : host;
}

/**
 * By which network of this gateway a candidate leaves; undefined: that depends on the address, which is not known yet.
 * The same facts always give the same way: the line with the longest prefix that holds the address, of equal ones one
 * that is not down, of those the one with the lowest SID.
 * @param address of the target; undefined: only what the candidate itself says
 */
export function chooseWay(
  candidate: WaySubject,
  table: RoutingTable,
  place: GatewayPlace,
  address: string | undefined = literalAddress(candidate),
): ChosenWay | undefined {
  const { network, uri } = candidate;
  switch (network.kind) {
    case "carrier":
      return by(interfaceFor(place.interfaces, "carrier", uri), candidate);
    case "public":
      return by(interfaceFor(place.interfaces, "public", uri), candidate);
    case "entry": {
      const overInternet = interfaceFor(place.interfaces, "public", uri);
      if (overInternet !== undefined) return by(overInternet, candidate);
      return byLines(candidate, network.accountSid, table, place, address);
    }
    case "lines":
      return byLines(candidate, network.accountSid, table, place, address);
    case "line":
      return byNamedLine(candidate, network.connection, table, place, address);
  }
}

/** Every way that a candidate may take, whatever its address turns out to be. */
export function possibleWays(
  candidate: WaySubject,
  table: RoutingTable,
  place: GatewayPlace,
): readonly ChosenWay[] {
  const { network } = candidate;
  const chosen = chooseWay(candidate, table, place);
  if (chosen !== undefined) return [chosen];
  if (network.kind === "line") return [lineWay(network.connection, candidate, place)];
  if (network.kind !== "lines" && network.kind !== "entry") return [];
  return usableLines(table, candidate.edge ?? place.edge, network.accountSid).map((line) =>
    lineWay(line, candidate, place),
  );
}

function byLines(
  candidate: WaySubject,
  accountSid: string,
  table: RoutingTable,
  place: GatewayPlace,
  address: string | undefined,
): ChosenWay | undefined {
  const edge = candidate.edge ?? place.edge;
  const isTrial = place.lines.attribution === "address" && table.connectionsOf(edge).length === 0;
  // Where no line was ever made, the private interface is the line: as before there were any.
  if (isTrial) return bare(candidate, place);
  // Without enforcement a customer whose network nobody entered is still reached, unless the edge was demanded.
  const isFree = candidate.network.kind === "entry" && place.lines.attribution === "address";
  if (address === undefined) {
    if (usableLines(table, edge, accountSid).length > 0) return undefined;
    return isFree ? bare(candidate, place) : noLine(accountSid, edge, candidate.uri.host);
  }
  const matches = table.linesTo(edge, address).filter(({ value }) => mayUse(value, accountSid));
  const longest = matches.filter(({ prefixLength }) => prefixLength === matches[0]?.prefixLength);
  const ways = longest.map(({ value }) => lineWay(value, candidate, place));
  const isUp = (one: ChosenWay): boolean =>
    one.kind === "way" && place.lines.objectionTo(one.way.connection?.sid ?? "") === undefined;
  if (ways.length > 0) return ways.find(isUp) ?? ways[0];
  return isFree ? bare(candidate, place) : noLine(accountSid, edge, address);
}

function byNamedLine(
  candidate: WaySubject,
  connection: SnapshotConnection,
  table: RoutingTable,
  place: GatewayPlace,
  address: string | undefined,
): ChosenWay | undefined {
  if (address === undefined) return undefined;
  const isBehind = table.linesTo(connection.edge, address).some(({ value }) => value === connection);
  if (isBehind) return lineWay(connection, candidate, place);
  return {
    kind: "none",
    reason: reasons.noLineToTarget,
    text: `line ${connection.sid} has no route to ${address}`,
  };
}

function lineWay(connection: SnapshotConnection, candidate: WaySubject, place: GatewayPlace): ChosenWay {
  const carrying = place.lines.interfaceOf(connection);
  if (carrying === undefined) {
    const text =
      place.lines.objectionTo(connection.sid)?.text ?? `line ${connection.sid} is not on this gateway`;
    return { kind: "unusable", connection, text };
  }
  if (!serves(carrying, candidate.uri.transport)) return noInterface(candidate);
  return { kind: "way", way: { interface: carrying, connection } };
}

/** Active lines of an edge that an account may use. */
function usableLines(table: RoutingTable, edge: string, accountSid: string): readonly SnapshotConnection[] {
  return table.connectionsOf(edge).filter((line) => line.status === "active" && mayUse(line, accountSid));
}

function bare(candidate: WaySubject, place: GatewayPlace): ChosenWay {
  return by(interfaceFor(place.interfaces, "private", candidate.uri), candidate);
}

function by(chosen: InterfaceConfiguration | undefined, candidate: WaySubject): ChosenWay {
  if (chosen === undefined) return noInterface(candidate);
  return { kind: "way", way: { interface: chosen, connection: undefined } };
}

function noLine(accountSid: string, edge: string, target: string): ChosenWay {
  const text = `${accountSid} has no active line at ${edge} that leads to ${target}`;
  return { kind: "none", reason: reasons.noLineToTarget, text };
}

const wantedRoles = {
  carrier: "carrier",
  public: "public",
  entry: "public or private",
  lines: "private",
  line: "private",
} as const;

function noInterface({ network, uri }: WaySubject): ChosenWay {
  const transport = uri.transport === undefined ? "" : ` that serves ${uri.transport}`;
  const text = `this gateway has no ${wantedRoles[network.kind]} interface${transport}`;
  return { kind: "none", reason: reasons.noUsableInterface, text };
}
