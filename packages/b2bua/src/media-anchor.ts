import {
  type IceRole,
  type MediaProtection,
  type MediaRelay,
  objectionToRemote,
  type RelayEndpoint,
  type SourcePolicy,
} from "@tandem/media";
import { type Reason, reasons } from "@tandem/reasons";
import {
  audioEncodingOf,
  eventTypesOf,
  isHeld,
  type MediaDescription,
  parseSdp,
  remoteOf,
  type SessionDescription,
} from "@tandem/sdp";
import type { AudioReading } from "./audio-reading.ts";
import { LegMedia, type LegMediaJournal } from "./leg-media.ts";
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
  readonly #relay: MediaRelay;
  #ingress: LegMedia;
  #egress: LegMedia | undefined;
  #offer:
    | { readonly from: Side; readonly text: string; readonly description: SessionDescription }
    | undefined;
  /** Media descriptions for which the pending offer opened endpoints; all of them before the first answer. */
  #opened: number[] = [];
  #hasAnswer = false;
  #isHeld = false;
  /** Legs that are still another call's: not ours to close. */
  #isBorrowed = false;
  #ownsEgress = false;

  constructor(relay: MediaRelay, ingress: LegMediaOptions) {
    this.#relay = relay;
    this.#ingress = new LegMedia(ingress);
  }

  /** Media of a call that survived a restart. Undefined when its ports could not be had again. */
  static adopt(relay: MediaRelay, journal: AnchorJournal): MediaAnchor | undefined {
    const anchor = new MediaAnchor(relay, journal.ingress.options);
    const egress = new LegMedia(journal.egress.options);
    anchor.#egress = egress;
    if (!anchor.#ingress.adopt(relay, journal.ingress) || !egress.adopt(relay, journal.egress)) {
      anchor.close();
      return undefined;
    }
    anchor.#hasAnswer = true;
    for (const endpoint of anchor.#endpoints()) if (endpoint.isHeld) anchor.#isHeld = true;
    anchor.#joinAll();
    return anchor;
  }

  /**
   * Media of a call that a transfer makes: a leg of a call that is up, and one that is still to be found (`useEgress`) or
   * that of another call. The legs stay where they are until `takeOver`.
   */
  static forTransfer(relay: MediaRelay, ingress: LegOf, egress?: LegOf): MediaAnchor {
    const leg = ingress.anchor.#leg(ingress.side);
    const anchor = new MediaAnchor(relay, leg.options);
    anchor.#ingress = leg;
    if (egress !== undefined) anchor.#egress = egress.anchor.#leg(egress.side);
    anchor.#isBorrowed = true;
    anchor.#hasAnswer = true;
    return anchor;
  }

  /** The transfer is through: the legs are ours, and their calls keep what was counted. */
  takeOver(ingress: LegOf, egress?: LegOf): void {
    this.#isBorrowed = false;
    for (const { anchor, side } of egress === undefined ? [ingress] : [ingress, egress]) {
      const left = anchor.#leg(side).split();
      if (side === "ingress") anchor.#ingress = left;
      else anchor.#egress = left;
    }
  }

  /** A description of ours that the other side of the leg's call was shown, as an offer to the new egress leg. */
  offerShown(text: string): Anchored {
    const parsed = parseSdp(withoutDirections(text));
    if (!parsed.ok) return { ok: false, reason: reasons.badSdp, text: parsed.error.text };
    const failure = this.#openFor(parsed.value);
    if (failure !== undefined) return { ok: false, reason: failure, text: failure.text };
    return { ok: true, text: this.#leg("egress").render(parsed.value) };
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
    this.#egress?.close();
    this.#egress = new LegMedia(options);
    this.#ownsEgress = true;
    const offer = this.#offer;
    return offer === undefined ? undefined : this.#openFor(offer.description);
  }

  /** An offer of one side, as the other shall see it. */
  offer(from: Side, text: string): Anchored {
    const parsed = parseSdp(text);
    if (!parsed.ok) return { ok: false, reason: reasons.badSdp, text: parsed.error.text };
    if (parsed.value.media.some(isSecureTransport)) {
      return { ok: false, reason: reasons.secureMediaRefused, text: "the trunk takes no SRTP" };
    }
    this.rollback();
    const failure = this.#openFor(parsed.value);
    if (failure !== undefined) {
      this.#closeOpened();
      return { ok: false, reason: failure, text: failure.text };
    }
    const usable = usableMedia(parsed.value, this.#leg(from).localAddress, false);
    if (!usable.ok) {
      this.#closeOpened();
      return usable;
    }
    const { description } = usable;
    this.#closeUnwanted(description);
    const objection = this.#objectionTo(from, description);
    if (objection !== undefined) {
      this.#closeOpened();
      return { ok: false, reason: reasons.mediaNotAcceptable, text: objection };
    }
    this.#offer = { from, text, description };
    if (!this.#hasAnswer) this.#applyRemotes(this.#leg(from), description);
    return { ok: true, text: this.#leg(otherSide(from)).render(description) };
  }

  /** The pending offer again, for the next attempt; undefined when there is none. */
  offerAgain(): string | undefined {
    const offer = this.#offer;
    return offer === undefined ? undefined : this.#leg(otherSide(offer.from)).render(offer.description);
  }

  /** The answer of one side to the pending offer. `isFinal` false: early media, the offer stays open. */
  answer(from: Side, text: string, isFinal: boolean): Anchored {
    const offer = this.#offer;
    const parsed = parseSdp(text);
    if (!parsed.ok) return { ok: false, reason: reasons.badSdp, text: parsed.error.text };
    if (offer === undefined || offer.from === from) {
      return { ok: false, reason: reasons.badSdp, text: "answer without an offer" };
    }
    const usable = usableMedia(parsed.value, this.#leg(from).localAddress, false);
    if (!usable.ok) return usable;
    const { description } = usable;
    if (description.media.length !== offer.description.media.length) {
      return { ok: false, reason: reasons.badSdp, text: "answer has another number of media descriptions" };
    }
    if (description.media.some(isSecureTransport)) {
      return { ok: false, reason: reasons.badSdp, text: "SRTP in the answer to an offer without it" };
    }
    const objection = this.#objectionTo(from, description);
    if (objection !== undefined) return { ok: false, reason: reasons.mediaNotAcceptable, text: objection };
    this.#applyRemotes(this.#leg(offer.from), offer.description);
    this.#applyRemotes(this.#leg(from), description);
    this.#joinAll();
    const rendered = this.#leg(offer.from).render(description);
    if (isFinal) {
      this.#leg(offer.from).hear(offer.text);
      this.#leg(from).hear(text);
      this.#settle(offer.description, description);
    }
    return { ok: true, text: rendered };
  }

  /** What that side was shown last; "" when it is not known any more. */
  shownTo(side: Side): string {
    return this.#leg(side).shown;
  }

  /** Whether an offer says what that side has said before: the session is only refreshed (RFC 3264 §8). */
  isUnchanged(from: Side, text: string): boolean {
    return this.#offer === undefined && this.shownTo(from) !== "" && this.#leg(from).hasHeard(text);
  }

  /** The answer to an offer of ours that changed nothing: where the media goes may have changed all the same. */
  refreshed(side: Side, text: string): void {
    const leg = this.#leg(side);
    if (this.#offer !== undefined || leg.hasHeard(text)) return;
    const parsed = parseSdp(text);
    if (!parsed.ok || parsed.value.media.some(isSecureTransport)) return;
    const usable = usableMedia(parsed.value, leg.localAddress, false);
    if (!usable.ok || this.#objectionTo(side, usable.description) !== undefined) return;
    leg.hear(text);
    this.#applyRemotes(leg, usable.description);
  }

  /** The offer was refused: everything is as it was before it. */
  rollback(): void {
    this.#offer = undefined;
    this.#closeOpened();
  }

  /** Monotonic ms of the last packet of either side; undefined without any endpoint. */
  get lastReceivedMs(): number | undefined {
    let last: number | undefined;
    for (const endpoint of this.#endpoints()) {
      if (last === undefined || endpoint.lastReceivedMs > last) last = endpoint.lastReceivedMs;
    }
    return last;
  }

  /** What one side has sent to us in the whole call. */
  received(side: Side): ReturnType<LegMedia["received"]> {
    return side === "ingress" ? this.#ingress.received() : (this.#egress?.received() ?? LegMedia.nothing);
  }

  /** What came of the audio of one side; undefined: there is none now. */
  audio(side: Side): AudioReading | undefined {
    return (side === "ingress" ? this.#ingress : this.#egress)?.audio();
  }

  /** @param isRefreshed a restarted process must be able to refresh the sessions of the legs */
  toJournal(isRefreshed: boolean = false): AnchorJournal | undefined {
    if (this.#egress === undefined) return undefined;
    return { ingress: this.#ingress.toJournal(isRefreshed), egress: this.#egress.toJournal(isRefreshed) };
  }

  /** Idempotent. */
  close(): void {
    this.#offer = undefined;
    this.#opened.length = 0;
    if (!this.#isBorrowed) this.#ingress.close();
    if (!this.#isBorrowed || this.#ownsEgress) this.#egress?.close();
  }

  #leg(side: Side): LegMedia {
    if (side === "ingress") return this.#ingress;
    if (this.#egress === undefined) throw new Error("media of the egress leg used before an attempt");
    return this.#egress;
  }

  /** Endpoints on both legs for every media description that is wanted. */
  #openFor(description: SessionDescription): Reason | undefined {
    for (let index = 0; index < description.media.length; index += 1) {
      const media = description.media[index] as MediaDescription;
      if (media.isRejected) continue;
      if (this.#ingress.endpoints[index] === undefined) this.#opened.push(index);
      const isOpen =
        this.#ingress.open(this.#relay, index, media.flowKind) &&
        this.#leg("egress").open(this.#relay, index, media.flowKind);
      if (!isOpen) return reasons.noMediaPorts;
    }
    return undefined;
  }

  /** Why media must not be sent where a side wants it. */
  #objectionTo(side: Side, description: SessionDescription): string | undefined {
    const { endpoints } = this.#leg(side);
    for (let index = 0; index < description.media.length; index += 1) {
      const media = description.media[index] as MediaDescription;
      const endpoint = endpoints[index];
      const remote = remoteOf(media);
      if (endpoint === undefined || remote === undefined) continue;
      const objection = objectionToRemote(this.#relay, endpoint, remote);
      if (objection !== undefined) return objection;
    }
    return undefined;
  }

  /** Those that were opened before it was known that their media are out of reach. */
  #closeUnwanted({ media }: SessionDescription): void {
    const unwanted = this.#opened.filter((index) => media[index]?.isRejected === true);
    for (const index of unwanted) this.#closeAt(index);
    this.#opened = this.#opened.filter((index) => !unwanted.includes(index));
  }

  #closeOpened(): void {
    for (const index of this.#opened) this.#closeAt(index);
    this.#opened.length = 0;
  }

  #closeAt(index: number): void {
    this.#ingress.closeAt(index);
    this.#egress?.closeAt(index);
  }

  #applyRemotes(leg: LegMedia, description: SessionDescription): void {
    for (let index = 0; index < description.media.length; index += 1) {
      const media = description.media[index] as MediaDescription;
      const endpoint = leg.endpoints[index];
      if (endpoint === undefined || media.isRejected) continue;
      endpoint.setKind(media.flowKind);
      endpoint.setRemote(remoteOf(media));
      endpoint.setEventTypes(eventTypesOf(media));
      endpoint.setHeld(isHeld(media));
    }
  }

  #joinAll(): void {
    const egress = this.#leg("egress");
    const { endpoints } = this.#ingress;
    for (let index = 0; index < endpoints.length; index += 1) {
      const endpoint = endpoints[index];
      const partner = egress.endpoints[index];
      if (endpoint !== undefined && partner !== undefined) this.#relay.join(endpoint, partner);
    }
  }

  /** The exchange is complete: endpoints of rejected media descriptions go. */
  #settle(offer: SessionDescription, answer: SessionDescription): void {
    this.#offer = undefined;
    this.#hasAnswer = true;
    this.#opened.length = 0;
    this.#isHeld = offer.media.some(isLiveHeld) || answer.media.some(isLiveHeld);
    this.#findAudio(offer, answer);
    for (let index = 0; index < answer.media.length; index += 1) {
      const media = answer.media[index] as MediaDescription;
      if (media.isRejected || offer.media[index]?.isRejected === true) this.#closeAt(index);
    }
  }

  /** The audio of a call is the first that both sides want. */
  #findAudio(offer: SessionDescription, answer: SessionDescription): void {
    const index = answer.media.findIndex(
      (media, at) => media.media === "audio" && !media.isRejected && offer.media[at]?.isRejected === false,
    );
    const media = answer.media[index];
    const encoding = media && audioEncodingOf(media);
    this.#ingress.setAudio(index, encoding);
    this.#leg("egress").setAudio(index, encoding);
  }

  *#endpoints(): Generator<RelayEndpoint> {
    for (const endpoint of this.#ingress.endpoints) if (endpoint !== undefined) yield endpoint;
    for (const endpoint of this.#egress?.endpoints ?? []) if (endpoint !== undefined) yield endpoint;
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
