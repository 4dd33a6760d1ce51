import type { IceRole, MediaProtection, MediaRelay, SourcePolicy } from "@tandem/media";
import { type Reason, reasons } from "@tandem/reasons";
import {
  audioEncodingOf,
  isHeld,
  type MediaDescription,
  parseSdp,
  type SessionDescription,
} from "@tandem/sdp";
import type { AudioReading } from "./audio-reading.ts";
import { LegMedia, type LegMediaJournal } from "./leg-media.ts";
import { nothingReceived } from "./leg-received.ts";
import { MediaLegs } from "./media-legs.ts";
import { usableMedia } from "./usable-media.ts";

export type Side = "ingress" | "egress";

export function otherSide(side: Side): Side {
  return side === "ingress" ? "egress" : "ingress";
}

export type Anchored =
  /** `contentType` of a text that is more than a session description. */
  | { readonly ok: true; readonly text: string; readonly contentType?: string }
  | { readonly ok: false; readonly reason: Reason; readonly text: string };

export interface LegMediaOptions {
  readonly mediaInterface: string;
  readonly source: SourcePolicy;
  /** Address the leg's signalling comes from: the symmetric policy may latch to it. */
  readonly signalingAddress: string | undefined;
  readonly trustedNetworks: readonly string[];
  /** Differentiated services code point of packets to this side, 0 to 63, for engines that can. Left out: the relay's. */
  readonly dscp?: number | undefined;
  /** What protects the media of this leg, for engines that can; `any`: what its side chooses. Left out: nothing. */
  readonly srtp?: MediaProtection | "any" | undefined;
  /** Left out: ICE if its side offers it, for engines that can. */
  readonly ice?: IceRole | undefined;
  /** Encodings that this side takes, for engines that transcode; left out: any. */
  readonly codecs?: readonly string[] | undefined;
}

/** One leg of a call's media. */
export interface LegOf {
  readonly anchor: MediaAnchor;
  readonly side: Side;
}

export interface AnchorJournal {
  readonly ingress: LegMediaJournal;
  readonly egress: LegMediaJournal;
}

/**
 * Anchors the media of one call: each media description of the session has a relay endpoint on both legs, and each
 * side is shown ours in place of the other's.
 *
 *   idle ──offer()──▶ offered ──answer()──▶ idle (applied)
 *                     offered ──rollback()──▶ idle (as before the offer)
 *
 * The remote of the first offer is applied at once, so that early media finds its way; later offers are applied with
 * their answer, so that a refused re-INVITE changes nothing (RFC 3264 §8).
 */
export class MediaAnchor {
  readonly #legs: MediaLegs;
  #offer:
    | { readonly from: Side; readonly text: string; readonly description: SessionDescription }
    | undefined;
  #hasAnswer = false;
  #isHeld = false;
  /** Legs that are still another call's: not ours to close. */
  #isBorrowed = false;
  #ownsEgress = false;

  constructor(relay: MediaRelay, ingress: LegMediaOptions) {
    this.#legs = new MediaLegs(relay, ingress);
  }

  /** Media of a call that survived a restart. Undefined when its ports could not be had again. */
  static adopt(relay: MediaRelay, journal: AnchorJournal): MediaAnchor | undefined {
    const anchor = new MediaAnchor(relay, journal.ingress.options);
    const egress = new LegMedia(journal.egress.options);
    anchor.#legs.egress = egress;
    if (!anchor.#legs.ingress.adopt(relay, journal.ingress) || !egress.adopt(relay, journal.egress)) {
      anchor.close();
      return undefined;
    }
    anchor.#hasAnswer = true;
    for (const endpoint of anchor.#legs.endpoints()) if (endpoint.isHeld) anchor.#isHeld = true;
    anchor.#legs.joinAll();
    return anchor;
  }

  /**
   * Media of a call that a transfer makes: a leg of a call that is up, and one that is still to be found (`useEgress`) or
   * that of another call. The legs stay where they are until `takeOver`.
   */
  static forTransfer(relay: MediaRelay, ingress: LegOf, egress?: LegOf): MediaAnchor {
    const leg = ingress.anchor.#legs.of(ingress.side);
    const anchor = new MediaAnchor(relay, leg.options);
    anchor.#legs.ingress = leg;
    if (egress !== undefined) anchor.#legs.egress = egress.anchor.#legs.of(egress.side);
    anchor.#isBorrowed = true;
    anchor.#hasAnswer = true;
    return anchor;
  }

  /** The transfer is through: the legs are ours, and their calls keep what was counted. */
  takeOver(ingress: LegOf, egress?: LegOf): void {
    this.#isBorrowed = false;
    for (const { anchor, side } of egress === undefined ? [ingress] : [ingress, egress]) {
      const left = anchor.#legs.of(side).split();
      if (side === "ingress") anchor.#legs.ingress = left;
      else anchor.#legs.egress = left;
    }
  }

  /** A description of ours that the other side of the leg's call was shown, as an offer to the new egress leg. */
  offerShown(text: string): Anchored {
    const parsed = parseSdp(withoutDirections(text));
    if (!parsed.ok) return { ok: false, reason: reasons.badSdp, text: parsed.error.text };
    const failure = this.#legs.openFor(parsed.value);
    if (failure !== undefined) return { ok: false, reason: failure, text: failure.text };
    return { ok: true, text: this.#legs.of("egress").render(parsed.value) };
  }

  /** A side is on hold: silence is to be expected. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** True while an offer waits for its answer. */
  get isOffered(): boolean {
    return this.#offer !== undefined;
  }

  /** The egress leg of the next attempt. Ends the endpoints of the one before; those towards the caller stay. */
  useEgress(options: LegMediaOptions): Reason | undefined {
    this.#legs.egress?.close();
    this.#legs.egress = new LegMedia(options);
    this.#ownsEgress = true;
    const offer = this.#offer;
    return offer === undefined ? undefined : this.#legs.openFor(offer.description);
  }

  /** An offer of one side, as the other shall see it. */
  offer(from: Side, text: string): Anchored {
    const parsed = parseSdp(text);
    if (!parsed.ok) return { ok: false, reason: reasons.badSdp, text: parsed.error.text };
    if (parsed.value.media.some(isSecureTransport)) {
      return { ok: false, reason: reasons.secureMediaRefused, text: "the trunk takes no SRTP" };
    }
    this.rollback();
    const failure = this.#legs.openFor(parsed.value);
    if (failure !== undefined) {
      this.#legs.closeOpened();
      return { ok: false, reason: failure, text: failure.text };
    }
    const usable = usableMedia(parsed.value, this.#legs.of(from).localAddress, false);
    if (!usable.ok) {
      this.#legs.closeOpened();
      return usable;
    }
    const { description } = usable;
    this.#legs.closeUnwanted(description);
    const objection = this.#legs.objectionTo(from, description);
    if (objection !== undefined) {
      this.#legs.closeOpened();
      return { ok: false, reason: reasons.mediaNotAcceptable, text: objection };
    }
    this.#offer = { from, text, description };
    if (!this.#hasAnswer) this.#legs.applyRemotes(from, description);
    return { ok: true, text: this.#legs.of(otherSide(from)).render(description) };
  }

  /** The pending offer again, for the next attempt; undefined when there is none. */
  offerAgain(): string | undefined {
    const offer = this.#offer;
    return offer === undefined ? undefined : this.#legs.of(otherSide(offer.from)).render(offer.description);
  }

  /** The answer of one side to the pending offer. `isFinal` false: early media, the offer stays open. */
  answer(from: Side, text: string, isFinal: boolean): Anchored {
    const offer = this.#offer;
    const parsed = parseSdp(text);
    if (!parsed.ok) return { ok: false, reason: reasons.badSdp, text: parsed.error.text };
    if (offer === undefined || offer.from === from) {
      return { ok: false, reason: reasons.badSdp, text: "answer without an offer" };
    }
    const usable = usableMedia(parsed.value, this.#legs.of(from).localAddress, false);
    if (!usable.ok) return usable;
    const { description } = usable;
    if (description.media.length !== offer.description.media.length) {
      return { ok: false, reason: reasons.badSdp, text: "answer has another number of media descriptions" };
    }
    if (description.media.some(isSecureTransport)) {
      return { ok: false, reason: reasons.badSdp, text: "SRTP in the answer to an offer without it" };
    }
    const objection = this.#legs.objectionTo(from, description);
    if (objection !== undefined) return { ok: false, reason: reasons.mediaNotAcceptable, text: objection };
    this.#legs.applyRemotes(offer.from, offer.description);
    this.#legs.applyRemotes(from, description);
    this.#legs.joinAll();
    const rendered = this.#legs.of(offer.from).render(description);
    if (isFinal) {
      this.#legs.of(offer.from).hear(offer.text);
      this.#legs.of(from).hear(text);
      this.#settle(offer.description, description);
    }
    return { ok: true, text: rendered };
  }

  /** What that side was shown last; "" when it is not known any more. */
  shownTo(side: Side): string {
    return this.#legs.of(side).shown;
  }

  /** Whether an offer says what that side has said before: the session is only refreshed (RFC 3264 §8). */
  isUnchanged(from: Side, text: string): boolean {
    return this.#offer === undefined && this.shownTo(from) !== "" && this.#legs.of(from).hasHeard(text);
  }

  /** The answer to an offer of ours that changed nothing: where the media goes may have changed all the same. */
  refreshed(side: Side, text: string): void {
    const leg = this.#legs.of(side);
    if (this.#offer !== undefined || leg.hasHeard(text)) return;
    const parsed = parseSdp(text);
    if (!parsed.ok || parsed.value.media.some(isSecureTransport)) return;
    const usable = usableMedia(parsed.value, leg.localAddress, false);
    if (!usable.ok || this.#legs.objectionTo(side, usable.description) !== undefined) return;
    leg.hear(text);
    this.#legs.applyRemotes(side, usable.description);
  }

  /** The offer was refused: everything is as it was before it. */
  rollback(): void {
    this.#offer = undefined;
    this.#legs.closeOpened();
  }

  /** Monotonic ms of the last packet of either side; undefined without any endpoint. */
  get lastReceivedMs(): number | undefined {
    let last: number | undefined;
    for (const endpoint of this.#legs.endpoints()) {
      if (last === undefined || endpoint.lastReceivedMs > last) last = endpoint.lastReceivedMs;
    }
    return last;
  }

  /** What one side has sent to us in the whole call. */
  received(side: Side): ReturnType<LegMedia["received"]> {
    return side === "ingress"
      ? this.#legs.ingress.received()
      : (this.#legs.egress?.received() ?? nothingReceived);
  }

  /** What came of the audio of one side; undefined: there is none now. */
  audio(side: Side): AudioReading | undefined {
    return (side === "ingress" ? this.#legs.ingress : this.#legs.egress)?.audio();
  }

  /** @param isRefreshed a restarted process must be able to refresh the sessions of the legs */
  toJournal(isRefreshed: boolean = false): AnchorJournal | undefined {
    if (this.#legs.egress === undefined) return undefined;
    return {
      ingress: this.#legs.ingress.toJournal(isRefreshed),
      egress: this.#legs.egress.toJournal(isRefreshed),
    };
  }

  /** Idempotent. */
  close(): void {
    this.#offer = undefined;
    this.#legs.keepOpened();
    if (!this.#isBorrowed) this.#legs.ingress.close();
    if (!this.#isBorrowed || this.#ownsEgress) this.#legs.egress?.close();
  }

  /** The exchange is complete: endpoints of rejected media descriptions go. */
  #settle(offer: SessionDescription, answer: SessionDescription): void {
    this.#offer = undefined;
    this.#hasAnswer = true;
    this.#legs.keepOpened();
    this.#isHeld = offer.media.some(isLiveHeld) || answer.media.some(isLiveHeld);
    this.#findAudio(offer, answer);
    for (let index = 0; index < answer.media.length; index += 1) {
      const media = answer.media[index] as MediaDescription;
      if (media.isRejected || offer.media[index]?.isRejected === true) this.#legs.closeAt(index);
    }
  }

  /** The audio of a call is the first that both sides want. */
  #findAudio(offer: SessionDescription, answer: SessionDescription): void {
    const index = answer.media.findIndex(
      (media, at) => media.media === "audio" && !media.isRejected && offer.media[at]?.isRejected === false,
    );
    const media = answer.media[index];
    const encoding = media && audioEncodingOf(media);
    this.#legs.ingress.setAudio(index, encoding);
    this.#legs.of("egress").setAudio(index, encoding);
  }
}

/** Nobody is on hold for whom a call is new. */
function withoutDirections(text: string): string {
  return text.replaceAll(/^a=(?:sendonly|recvonly|inactive)\r\n/gm, "");
}

/** A rejected media description often says inactive, and holds nothing. */
function isLiveHeld(media: MediaDescription): boolean {
  return !media.isRejected && isHeld(media);
}

function isSecureTransport(media: MediaDescription): boolean {
  return !media.isRejected && media.protocol.toUpperCase().includes("SAVP");
}
