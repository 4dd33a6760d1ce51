import type { SdpObjection } from "@tandem/media";
import { reasons } from "@tandem/reasons";
import type { Candidate } from "@tandem/routing";
import { egressNeed, ingressNeed, offersIce } from "../media/media-security.ts";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

const ownRelay = pass("plain RTP, by the relay of this gateway");

/**
 * Which engine carries the media. SRTP, and ICE towards a target that wants it, is rtpengine's work: without one the call
 * is refused, unless a gateway of another edge may place it. A call has one engine from its first attempt to its end.
 */
export function mediaEngine(call: CallContext, services: StageServices): Verdict {
  const { flow, candidates } = call;
  const ofIngress = ingressNeed(call);
  const need = ofIngress ?? needOfEgress(call, services);
  if (need === undefined) return wantsIce(call, services) ?? ownRelay;
  const objection = objectionTo(services, [flow.interfaceName]);
  if (objection === undefined) {
    call.negotiation = need;
    return pass(`${need}: rtpengine`);
  }
  const isHopeless = ofIngress !== undefined || candidates.every((one) => isPlacedHere(call, services, one));
  if (!isHopeless) return pass(`${need}, but ${objection.text}: other edges only`);
  const reason = objection.kind === "unconfigured" ? reasons.secureMediaUnavailable : reasons.rtpengineDown;
  return refuse(reason, `${need}: ${objection.text}`);
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
