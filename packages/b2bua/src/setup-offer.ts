import { reasons } from "@tandem/reasons";
import type { SipRequest, SipResponse } from "@tandem/sip/message";
import type { InviteUsage } from "@tandem/sip/user-agent";
import type { EgressPlace } from "./call-plan.ts";
import type { Anchored, MediaAnchor } from "./media-anchor.ts";

/**
 * The offer and answer of a call's set-up (RFC 3261 §13.2.1): the caller's offer goes to each candidate in turn and the
 * answer comes back; when the INVITE has none, the callee's 2xx brings the offer and the caller's ACK the answer.
 */
export class SetupOffer {
  readonly #anchor: MediaAnchor;
  readonly #invite: SipRequest;
  /** Session description of the attempt's provisional responses, as the callee wrote it. */
  #earlyAnswer = "";
  /** CSeq of the egress INVITE whose ACK waits for the caller's late answer. */
  #lateSequenceNumber: number | undefined;

  constructor(anchor: MediaAnchor, invite: SipRequest) {
    this.#anchor = anchor;
    this.#invite = invite;
  }

  /** The body of an INVITE that leaves by another place than the one before: "" when there is no offer yet. */
  forPlace(media: EgressPlace["media"]): Anchored {
    this.#earlyAnswer = "";
    const failure = this.#anchor.useEgress({ ...media, signalingAddress: undefined });
    if (failure !== undefined) return { ok: false, reason: failure, text: failure.text };
    if (this.#invite.body === "") return { ok: true, text: "" };
    const again = this.#anchor.offerAgain();
    if (again !== undefined) return { ok: true, text: again };
    const contentType = this.#invite.contentType();
    if (contentType === "application/sdp") return this.#anchor.offer("ingress", this.#invite.body);
    return {
      ok: false,
      reason: reasons.unsupportedMediaType,
      text: `${contentType ?? "a body without Content-Type"} is no session description`,
    };
  }

  /** The body of a provisional response for the caller: early media, "" when there is none. */
  early(response: SipResponse): string {
    if (response.body === "" || this.#invite.body === "") return "";
    const anchored = this.#anchor.answer("egress", response.body, false);
    if (!anchored.ok) return "";
    this.#earlyAnswer = response.body;
    return anchored.text;
  }

  /** The body of the caller's 200. Acknowledges the callee's 2xx, unless the ACK has to wait for the caller's answer. */
  final(response: SipResponse, usage: InviteUsage): Anchored {
    if (this.#invite.body === "") {
      const anchored = this.#anchor.offer("egress", response.body);
      if (anchored.ok) this.#lateSequenceNumber = response.cseqNumber;
      else usage.acknowledge(response.cseqNumber);
      return anchored;
    }
    usage.acknowledge(response.cseqNumber);
    // Some peers put the answer into the 183 only: what was shown to the caller then holds.
    return this.#anchor.answer("egress", response.body === "" ? this.#earlyAnswer : response.body, true);
  }

  /** The caller's ACK: carries its answer on to the callee. Undefined when no answer is waited for. */
  onAck(ack: SipRequest, egress: InviteUsage): Anchored | undefined {
    const sequenceNumber = this.#lateSequenceNumber;
    if (sequenceNumber === undefined) return undefined;
    this.#lateSequenceNumber = undefined;
    const anchored = this.#anchor.answer("ingress", ack.body, true);
    if (anchored.ok) {
      egress.acknowledge(sequenceNumber, { body: anchored.text, contentType: "application/sdp" });
    }
    return anchored;
  }
}
