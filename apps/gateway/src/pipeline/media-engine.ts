import type { SdpObjection } from "@tandem/media";
import { reasons } from "@tandem/reasons";
import type { Candidate } from "@tandem/routing";
import { egressNeed, ingressNeed, offersIce } from "../media/media-security.ts";
import { type TranscodingWish, transcodingWish } from "../media/transcoding-wish.ts";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

const ownRelay = pass("plain RTP, by the relay of this gateway");

/**
 * Which engine carries the media. SRTP, and ICE towards a target that wants it, is rtpengine's work: without one the call
 * is refused, unless a gateway of another edge may place it. So is transcoding, towards a target that takes none of the
 * caller's codecs; without rtpengine the offer goes as it is, and the target may find something in it. A call has one engine
 * from its first attempt to its end: where one candidate needs rtpengine, all go through it.
 */
export function mediaEngine(call: CallContext, services: StageServices): Verdict {
  const ofIngress = ingressNeed(call);
  const need = ofIngress ?? needOfEgress(call, services);
  const wish = transcodingWish(call, (one) => isPlacedHere(call, services, one));
  if (need === undefined) return withoutProtection(call, services, wish);
  const objection = objectionTo(services, [call.flow.interfaceName]);
  if (objection === undefined) {
    call.negotiation = wish === undefined ? need : `${need}; ${wish.why}`;
    return pass(`${call.negotiation}: rtpengine`);
  }
  const isHopeless =
    ofIngress !== undefined || call.candidates.every((one) => isPlacedHere(call, services, one));
  if (!isHopeless) {
    if (wish !== undefined) call.relayWhy = `plain RTP; ${wish.why}, but ${objection.text}`;
    return pass(`${need}, but ${objection.text}: other edges only`);
  }
  const reason = objection.kind === "unconfigured" ? reasons.secureMediaUnavailable : reasons.rtpengineDown;
  return refuse(reason, `${need}: ${objection.text}`);
}

function withoutProtection(
  call: CallContext,
  services: StageServices,
  wish: TranscodingWish | undefined,
): Verdict {
  if (wish === undefined) return wantsIce(call, services) ?? ownRelay;
  if (!wish.isPossible) return wantsIce(call, services) ?? asItIs(call, wish.why);
  const objection = objectionToCall(call, services);
  if (objection !== undefined) return asItIs(call, `${wish.why}, but ${objection.text}`);
  call.negotiation = wish.why;
  return pass(`${wish.why}: rtpengine`);
}

function asItIs(call: CallContext, why: string): Verdict {
  call.relayWhy = `plain RTP; ${why}`;
  return pass(`${why}: plain RTP as it is, by the relay of this gateway`);
}

/** Nobody has to have it: a call that could do without rtpengine must not meet a network on which there is none. */
function objectionToCall(call: CallContext, services: StageServices): SdpObjection | undefined {
  const { interfaceName } = call.flow;
  for (const candidate of call.candidates) {
    for (const egress of services.egressInterfaces(call, candidate)) {
      const objection = objectionTo(services, [interfaceName, egress]);
      if (objection !== undefined) return objection;
    }
  }
  return objectionTo(services, [interfaceName]);
}

function needOfEgress(call: CallContext, services: StageServices): string | undefined {
  for (const candidate of call.candidates) {
    const need = egressNeed(call, candidate);
    if (need !== undefined && isPlacedHere(call, services, candidate)) return need;
  }
  return undefined;
}

/** Nobody needs it: the call goes another way rather than fail. */
function wantsIce(call: CallContext, services: StageServices): Verdict | undefined {
  if (services.sdpRelay === undefined || !offersIce(call)) return undefined;
  if (objectionTo(services, services.mediaInterfaces) !== undefined) return undefined;
  call.negotiation = "ICE offered by the caller";
  return pass(`${call.negotiation}: rtpengine`);
}

function objectionTo(services: StageServices, mediaInterfaces: readonly string[]): SdpObjection | undefined {
  if (services.sdpRelay !== undefined) return services.sdpRelay.objectionTo(mediaInterfaces);
  return { kind: "unconfigured", text: "no rtpengine is configured" };
}

function isPlacedHere({ table }: CallContext, { edge }: StageServices, candidate: Candidate): boolean {
  return candidate.edge === undefined || table.edgeNameOf(candidate.edge) === table.edgeNameOf(edge);
}
