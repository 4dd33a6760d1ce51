import {
  copyPassing,
  type EgressCandidate,
  type EgressInvite,
  type Fallback,
  placedAt,
  q850CauseIn,
  type SisterOccasion,
  type SisterPlacement,
  type SisterReading,
  type SisterTarget,
} from "@tandem/b2bua";
import type { BackboneKey, InterfaceConfiguration } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { Candidate } from "@tandem/routing";
import { HeaderFields, type SipResponse } from "@tandem/sip/message";
import { escapeUser } from "@tandem/sip/uri";
import { randomHex } from "@tandem/sip/user-agent";
import { originationInvite } from "../egress/origination-invite.ts";
import { nameAddrText, requestUriOf } from "../egress/sip-uri-text.ts";
import { terminationInvite } from "../egress/termination-invite.ts";
import type { CallContext } from "../pipeline/call-context.ts";
import { sayPrivacy } from "../pipeline/privacy-request.ts";
import { attestationOf, attestationText } from "../stir/attestation.ts";
import { readBackboneReply, sisterVerdict } from "./backbone-reply.ts";
import { onlyHop, writeBackboneRequest } from "./backbone-request.ts";
import { backboneHeaderField, reasonHeaderField, sign, verified } from "./backbone-signature.ts";
import { backboneUri } from "./backbone-target.ts";
import { entryTimers, sisterFirstResponseMs, sisterSilenceMs } from "./entry-timers.ts";
import { readReasonValue } from "./reason-value.ts";
import { receivedReplyParts, requestParts } from "./signed-parts.ts";

export interface BackboneCandidateOptions {
  readonly call: CallContext;
  readonly candidate: Candidate;
  readonly exchangeCallId: string;
  /** Over the internet, from an edge that is not the candidate's. */
  readonly overInternet: boolean;
  /** What comes next when the sister's line carries nothing. */
  readonly fallback: Fallback | undefined;
  /** Name of this gateway. */
  readonly gateway: string;
  readonly backbone: InterfaceConfiguration;
  readonly sisters: readonly SisterTarget[];
  readonly key: BackboneKey;
  readonly wallMs: () => number;
  readonly onSilent: (gateway: string, text: string) => void;
}

/** A candidate of another edge as an attempt that one of that edge's gateways places for us. */
export function backboneCandidate(options: BackboneCandidateOptions): EgressCandidate {
  const { call, candidate, exchangeCallId, backbone } = options;
  const { uri, carrier } = candidate;
  return {
    sid: candidate.sid,
    carrierSid: carrier?.sid,
    url: candidate.url,
    edge: candidate.edge,
    nextHop: requestUriOf(uri, undefined),
    placeOf: placedAt({
      path: { interfaceName: backbone.name, connection: undefined },
      // Both ends of the backbone are ours: media comes from where the session description says, and from nowhere else.
      media: { mediaInterface: backbone.name, source: "strict", trustedNetworks: [] },
      fallback: options.fallback,
    }),
    credentials: undefined,
    firstResponseMs: sisterFirstResponseMs,
    ...entryTimers(candidate.timers),
    failoverOverrides: candidate.failoverOverrides,
    downReason: candidate.isDown,
    insteadOf: undefined,
    invite: () =>
      call.direction === "termination"
        ? terminationInvite(call, uri)
        : originationInvite(call, uri, exchangeCallId),
    redirect: () => reasons.redirectFailed,
    placement: new BackbonePlacement(options),
  };
}

/** The sister signs, with what is known here; the record is made here. */
function toldIdentity(call: CallContext, { carrier }: Candidate): string {
  if (call.direction === "origination") return call.stir.verStat ?? "";
  const says = attestationOf(call);
  if (says !== undefined && (carrier?.identity === "sign" || (says.isKept && carrier?.identity !== "none"))) {
    call.stir.attestation = says.attestation;
  }
  return attestationText(says);
}

/** The requests of one attempt to its sisters, and how their responses are read. */
class BackbonePlacement implements SisterPlacement {
  readonly sisters: readonly SisterTarget[];
  readonly firstResponseMs = sisterFirstResponseMs;
  readonly silenceMs = sisterSilenceMs;
  readonly #options: BackboneCandidateOptions;
  /** Of the request that each sister got. */
  readonly #nonces = new Map<string, string>();

  constructor(options: BackboneCandidateOptions) {
    this.#options = options;
    this.sisters = options.sisters;
  }

  /** Everything that the sister needs to make the INVITE that an attempt of our own would have sent. */
  invite(occasion: SisterOccasion): EgressInvite {
    const { call, candidate, exchangeCallId, gateway, key, wallMs } = this.#options;
    const { sister } = occasion;
    const nonce = randomHex(16);
    this.#nonces.set(sister.gateway, nonce);
    const caller = `sip:${escapeUser(call.callingNumber)}@${call.table.snapshot.baseDomain}`;
    const requestUri = backboneUri(sister.target, candidate.sid);
    const headerFields = new HeaderFields();
    copyPassing(call.request, headerFields);
    sayPrivacy(call.request, headerFields);
    const from = nameAddrText(call.callerDisplayName, caller);
    const value = writeBackboneRequest({
      keyId: key.id,
      hop: onlyHop,
      from: gateway,
      to: sister.gateway,
      timeMs: wallMs(),
      callSid: exchangeCallId,
      attemptIndex: occasion.attemptIndex,
      direction: call.direction,
      candidateSid: candidate.sid,
      trunkSid: call.knownTrunk.sid,
      accountSid: call.knownTrunk.accountSid,
      callingNumber: call.callingNumber,
      calledNumber: call.calledNumber,
      rewritten: call.direction === "origination" ? call.rewritten : {},
      hasAlerted: occasion.hasAlerted,
      overInternet: this.#options.overInternet,
      identity: toldIdentity(call, candidate),
      nonce,
    });
    const signed = sign(key, value, requestParts(occasion, { requestUri, from, headerFields }));
    headerFields.append(backboneHeaderField, signed);
    return { requestUri, from, to: `<${requestUri}>`, headerFields };
  }

  read(response: SipResponse, sister: SisterTarget): SisterReading {
    const rows = response.values(backboneHeaderField);
    const [signed] = rows;
    if (signed === undefined || rows.length > 1) return { ok: false, text: "the response is not signed" };
    const reply = readBackboneReply(signed);
    if (reply === undefined) return { ok: false, text: "the signed value can't be read" };
    const key = this.#options.call.table.snapshot.backboneKeys.find((one) => one.id === reply.keyId);
    if (key === undefined) return { ok: false, text: `there is no backbone key ${reply.keyId}` };
    if (verified(key, signed, receivedReplyParts(response)) === undefined) {
      return { ok: false, text: "the signature is wrong" };
    }
    const isOurs =
      reply.from === sister.gateway &&
      reply.to === this.#options.gateway &&
      reply.nonce === this.#nonces.get(sister.gateway);
    if (!isOurs) return { ok: false, text: "the signature is that of another response" };
    const why = readReasonValue(response.value(reasonHeaderField) ?? "");
    const { edge, interfaceName, connection, remote, redirectedTo, retryAfterSeconds } = reply;
    const q850Cause = q850CauseIn(response.values("Reason"));
    return {
      ok: true,
      report: {
        placedAt: { gateway: sister.gateway, edge, interfaceName, connection, remote, redirectedTo },
        verdict: sisterVerdict(reply.result, { statusCode: response.statusCode, q850Cause }),
        reason: why?.reason,
        text: why?.text,
        retryAfterSeconds,
      },
    };
  }

  onSilent(gateway: string, text: string): void {
    this.#options.onSilent(gateway, text);
  }
}
