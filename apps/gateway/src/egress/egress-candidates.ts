import type { EgressCandidate, SkippedCandidate } from "@tandem/b2bua";
import type { InterfaceConfiguration } from "@tandem/contracts";
import { reasonByCode, reasons } from "@tandem/reasons";
import type { Candidate, ParsedCandidateUri } from "@tandem/routing";
import type { Backbone } from "../backbone/backbone.ts";
import type { CallContext } from "../pipeline/call-context.ts";
import { carrierInterface, customerInterface } from "./interface-choice.ts";
import { originationInvite } from "./origination-invite.ts";
import { followRedirect } from "./redirect-policy.ts";
import { requestUriOf } from "./sip-uri-text.ts";
import { terminationInvite } from "./termination-invite.ts";

export interface EgressRoutes {
  readonly candidates: readonly EgressCandidate[];
  readonly skipped: readonly SkippedCandidate[];
}

export interface EgressPlace {
  /** Edge of this gateway. */
  readonly edge: string;
  readonly interfaces: readonly InterfaceConfiguration[];
  /** The way to gateways of other edges; undefined: there is none. */
  readonly backbone?: Pick<Backbone, "route"> | undefined;
}

/** The routed candidates as attempts of this gateway: which interface, which INVITE, whose credentials. */
export function egressCandidates(
  call: CallContext,
  place: EgressPlace,
  exchangeCallId: string,
): EgressRoutes {
  const candidates: EgressCandidate[] = [];
  const skipped: SkippedCandidate[] = call.skipped.map((one) => ({
    sid: one.sid,
    carrierSid: undefined,
    url: one.url,
    edge: undefined,
    reason: reasonByCode(one.reasonCode) ?? reasons.candidateDisabled,
    text: one.text,
  }));
  const ownEdge = call.table.edgeNameOf(place.edge);
  for (const candidate of call.candidates) {
    if (candidate.edge !== undefined && call.table.edgeNameOf(candidate.edge) !== ownEdge) {
      const route = place.backbone?.route(call, candidate, exchangeCallId) ?? {
        ok: false,
        text: `this gateway is on ${place.edge}`,
      };
      if (route.ok) candidates.push(route.candidate);
      else skipped.push(skip(candidate, reasons.edgeUnreachable, route.text));
      continue;
    }
    const chosen =
      candidate.kind === "carrier"
        ? carrierInterface(place.interfaces, candidate.uri)
        : customerInterface(place.interfaces, candidate.uri, call.table);
    if (chosen === undefined) {
      skipped.push(skip(candidate, reasons.noUsableInterface, noInterfaceText(candidate)));
      continue;
    }
    candidates.push(egressCandidate(call, candidate, candidate.uri, chosen, exchangeCallId));
  }
  return { candidates, skipped };
}

function noInterfaceText({ kind, uri }: Candidate): string {
  const role = kind === "carrier" ? "carrier" : "public or private";
  const transport = uri.transport === undefined ? "" : ` that serves ${uri.transport}`;
  return `this gateway has no ${role} interface${transport}`;
}

function skip(candidate: Candidate, reason: SkippedCandidate["reason"], text: string): SkippedCandidate {
  return {
    sid: candidate.sid,
    carrierSid: candidate.carrier?.sid,
    url: candidate.url,
    edge: candidate.edge,
    reason,
    text,
  };
}

function egressCandidate(
  call: CallContext,
  candidate: Candidate,
  uri: ParsedCandidateUri,
  chosen: InterfaceConfiguration,
  exchangeCallId: string,
): EgressCandidate {
  const { carrier, timers } = candidate;
  return {
    sid: candidate.sid,
    carrierSid: carrier?.sid,
    url: candidate.url,
    edge: candidate.edge,
    nextHop: requestUriOf(uri, undefined),
    path: { interfaceName: chosen.name, connection: undefined },
    media: {
      mediaInterface: chosen.name,
      source: carrier === undefined ? call.knownTrunk.sourcePolicy : carrier.sourcePolicy,
      trustedNetworks: carrier === undefined ? [] : carrier.sourceNetworks,
    },
    credentials: carrier?.credentials ?? undefined,
    firstResponseMs: timers.firstResponseSeconds * 1000,
    progressMs: timers.progressSeconds * 1000,
    ringMs: timers.ringSeconds * 1000,
    failoverOverrides: candidate.failoverOverrides,
    downReason: candidate.isDown,
    invite: () =>
      call.direction === "termination"
        ? terminationInvite(call, uri)
        : originationInvite(call, uri, exchangeCallId),
    redirect: (contactUri) => {
      if (call.direction === "termination") return reasons.redirectFailed;
      const followed = followRedirect(call, uri, contactUri);
      if ("code" in followed) return followed;
      return egressCandidate(call, candidate, followed, chosen, exchangeCallId);
    },
  };
}
