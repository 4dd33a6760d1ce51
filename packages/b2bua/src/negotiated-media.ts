import type { Clock, Timer } from "@tandem/clock";
import {
  type MediaRelay,
  type SdpFault,
  type SdpRelay,
  type SdpRelayed,
  type SessionJournal,
  type SessionStatistics,
  type SideStatistics,
  type Transcoding,
  transcodingNeed,
} from "@tandem/media";
import { type Reason, reasons } from "@tandem/reasons";
import { mediaKeys, parseSdp } from "@tandem/sdp";
import type { AudioReading } from "./audio-reading.ts";
import type { CallMedia, CallMediaUser, MediaEngineFacts } from "./call-media.ts";
import type { LegReceived } from "./leg-received.ts";
import { type Anchored, type LegMediaOptions, otherSide, type Side } from "./media-anchor.ts";
import {
  isHolding,
  type NegotiatedDescription,
  objectionToPair,
  readDescription,
} from "./negotiated-description.ts";
import { NegotiatedLeg, type NegotiatedLegJournal } from "./negotiated-leg.ts";
import { SerialSession } from "./serial-session.ts";

/**
 * How often the relay is asked what it counted while a call is up, if silence is not to be noticed sooner: a lost session
 * is noticed so late.
 */
export const longestQueryIntervalMs = 5000;

export interface NegotiatedMediaOptions {
  readonly sdpRelay: SdpRelay;
  /** For the addresses that must not be sent to. */
  readonly relay: Pick<MediaRelay, "isOwnAddress">;
  readonly clock: Clock;
  /** Names the call in the relay. */
  readonly key: string;
  /** Silence that ends a call: the relay is asked several times in it. */
  readonly mediaInactivityMs: number;
  /** Why this engine carries the call. */
  readonly why: string;
}

export interface NegotiatedJournal {
  readonly engine: "rtpengine";
  readonly why: string;
  readonly session: SessionJournal;
  readonly ingress: NegotiatedLegJournal;
  readonly egress: NegotiatedLegJournal;
  /** Left out: no. */
  readonly isHeld?: boolean;
  /** Of the audio of both legs, by a gateway of before: now each leg has its own. */
  readonly codec?: string;
}

/** An offer and its answer as both sides agreed on them. */
interface Agreed {
  readonly from: Side;
  readonly offer: string;
  readonly answer: string;
  readonly transcoding: Transcoding | undefined;
}

/**
 * The media of one call in a relay that rewrites whole session descriptions: what SRTP, DTLS, ICE and transcoding need.
 * Each attempt has a session of its own, with keys of its own; the one that was given up is deleted.
 *
 *   idle ──offer()──▶ offered ──answer(final)──▶ up (asked for its counts) ──close()──▶ closed (deleted)
 *                     offered ──rollback()──▶ as before: what was agreed on is offered and answered again
 */
export class NegotiatedMedia implements CallMedia {
  user: CallMediaUser | undefined = undefined;
  /** Transfers are refused: rtpengine has both legs of a call in one session, which none of them can leave. */
  readonly anchor = undefined;
  readonly #options: NegotiatedMediaOptions;
  readonly #ingress: NegotiatedLeg;
  #egress: NegotiatedLeg | undefined;
  #session: SerialSession | undefined;
  #offer: NegotiatedDescription | undefined;
  /** The last answer to it, of early media. */
  #earlyAnswer: NegotiatedDescription | undefined;
  #agreed: Agreed | undefined;
  #instance: string | undefined;
  #isHeld = false;
  #isClosed = false;
  #lastReceivedMs: number | undefined;
  #queryTimer: Timer | undefined;

  constructor(options: NegotiatedMediaOptions, ingress: LegMediaOptions | NegotiatedLeg) {
    this.#options = options;
    this.#ingress = ingress instanceof NegotiatedLeg ? ingress : new NegotiatedLeg("ingress", ingress);
  }

  /** Media of a call that survived a restart, with a relay that still knows them, as the first query will tell. */
  static adopt(
    options: Omit<NegotiatedMediaOptions, "why">,
    journal: NegotiatedJournal,
  ): NegotiatedMedia | undefined {
    const session = options.sdpRelay.adopt(journal.session);
    if (session === undefined) return undefined;
    const { codec } = journal;
    const ofBefore = codec === undefined ? {} : { codec };
    const ingress = NegotiatedLeg.adopt("ingress", { ...ofBefore, ...journal.ingress });
    const media = new NegotiatedMedia({ ...options, why: journal.why }, ingress);
    media.#egress = NegotiatedLeg.adopt("egress", { ...ofBefore, ...journal.egress });
    media.#session = new SerialSession(session);
    media.#instance = session.relay;
    media.#isHeld = journal.isHeld === true;
    media.#watch(0);
    return media;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  get isOffered(): boolean {
    return this.#offer !== undefined;
  }

  get lastReceivedMs(): number | undefined {
    return this.#lastReceivedMs;
  }

  get engine(): MediaEngineFacts {
    return { name: "rtpengine", why: this.#options.why, instance: this.#instance };
  }

  useEgress(options: LegMediaOptions): Reason | undefined {
    this.#endSession(() => undefined);
    // What another attempt's reliable answer had settled.
    this.#agreed = undefined;
    this.#earlyAnswer = undefined;
    this.#queryTimer?.cancel();
    this.#queryTimer = undefined;
    this.#egress = new NegotiatedLeg("egress", options);
    this.#session = new SerialSession(this.#options.sdpRelay.session(this.#options.key));
    return undefined;
  }

  offer(from: Side, text: string, done: (anchored: Anchored) => void): void {
    if (this.#isClosed) return;
    const read = readDescription(this.#leg(from), from, text, "offer", this.#options);
    if ("reason" in read) {
      done({ ok: false, ...read });
      return;
    }
    this.rollback();
    this.#earlyAnswer = undefined;
    this.#offer = read;
    this.#ask(read, done);
  }

  offerAgain(done: (anchored: Anchored) => void): boolean {
    if (this.#offer === undefined) return false;
    this.#ask(this.#offer, done);
    return true;
  }

  answer(from: Side, text: string, isFinal: boolean, done: (anchored: Anchored) => void): void {
    if (this.#isClosed) return;
    const pending = this.#offer;
    const read = readDescription(this.#leg(from), from, text, "answer", this.#options);
    const objection = "reason" in read ? read : objectionToPair(pending, read);
    if ("reason" in read || objection !== undefined || pending === undefined) {
      done({ ok: false, ...(objection ?? { reason: reasons.badSdp, text: "answer without an offer" }) });
      return;
    }
    const to = this.#leg(pending.from);
    const answer = { from: this.#leg(from).side, to: to.side, sdp: read.keys.text };
    this.#session?.answer(answer, (relayed) => {
      const shown = this.#shown(to, relayed);
      if (shown.ok && isFinal) this.#settle(pending, read);
      else if (shown.ok && this.#offer === pending) this.#earlyAnswer = read;
      done(shown);
    });
  }

  settle(from: Side): boolean {
    const pending = this.#offer;
    const answer = this.#earlyAnswer;
    if (this.#isClosed || pending === undefined || answer?.from !== from) return false;
    this.#settle(pending, answer);
    return true;
  }

  shownTo(side: Side): string {
    return (side === "ingress" ? this.#ingress : this.#egress)?.shown ?? "";
  }

  /** Never: an old answer would bring old DTLS roles and ICE candidates, so the offer goes the whole way. */
  isUnchanged(): boolean {
    return false;
  }

  refreshed(side: Side, text: string): void {
    const agreed = this.#agreed;
    if (this.#isClosed || this.#offer !== undefined || agreed === undefined) return;
    const read = readDescription(this.#leg(side), side, text, "answer", this.#options);
    if ("reason" in read) return;
    const sdp = read.keys.text;
    if (sdp === (side === agreed.from ? agreed.offer : agreed.answer)) return;
    this.#agreed =
      side === agreed.from
        ? { ...agreed, offer: sdp, transcoding: this.#transcoding(read) }
        : { ...agreed, answer: sdp };
    this.#repeat();
  }

  rollback(): void {
    if (this.#offer === undefined) return;
    this.#offer = undefined;
    this.#earlyAnswer = undefined;
    this.#repeat();
  }

  received(side: Side): LegReceived {
    return (
      (side === "ingress" ? this.#ingress : this.#egress)?.received ?? {
        ...nothing,
        events: null,
        foreignPackets: null,
      }
    );
  }

  audio(side: Side): AudioReading | undefined {
    const leg = side === "ingress" ? this.#ingress : this.#egress;
    if (leg?.codec === undefined) return undefined;
    const { packets, lost, jitterMs } = leg.received;
    return { packets, lost, jitterMs, foreignPackets: 0, codec: leg.codec, reported: undefined };
  }

  toJournal(): NegotiatedJournal | undefined {
    const session = this.#session?.toJournal();
    const egress = this.#egress;
    if (session === undefined || egress === undefined) return undefined;
    return {
      engine: "rtpengine",
      why: this.#options.why,
      session,
      ingress: this.#ingress.toJournal(),
      egress: egress.toJournal(),
      ...(this.#isHeld ? { isHeld: true } : {}),
    };
  }

  close(done: () => void): void {
    if (this.#isClosed) {
      done();
      return;
    }
    this.#isClosed = true;
    this.#offer = undefined;
    this.#queryTimer?.cancel();
    this.#endSession(done);
  }

  /** @internal Asks what the relay counted. */
  query(): void {
    this.#session?.query((state) => {
      // Before the call is answered there is nobody to be told: the next query says it again.
      if (state.kind === "gone" && this.user !== undefined) {
        this.user.onMediaLost(reasons.mediaSessionLost);
        return;
      }
      const hasGrown = state.kind === "alive" && this.#count(state.statistics);
      if (hasGrown || this.#isHeld) this.#lastReceivedMs = this.#options.clock.monotonicMs();
      this.#queryTimer = this.#options.clock.schedule(this.#queryIntervalMs, queryAgain, this);
    });
  }

  get #queryIntervalMs(): number {
    return Math.min(longestQueryIntervalMs, this.#options.mediaInactivityMs / 4);
  }

  /** Takes the relay to what was agreed on. */
  #repeat(): void {
    const agreed = this.#agreed;
    const session = this.#session;
    if (agreed === undefined || session === undefined) return;
    const from = this.#leg(agreed.from).side;
    const to = this.#leg(otherSide(agreed.from)).side;
    const { transcoding } = agreed;
    session.offer({ from, to, sdp: agreed.offer, transcoding }, () => undefined);
    session.answer({ from: to, to: from, sdp: agreed.answer }, () => undefined);
  }

  #leg(side: Side): NegotiatedLeg {
    const leg = side === "ingress" ? this.#ingress : this.#egress;
    if (leg === undefined) throw new Error("media of the egress leg used before an attempt");
    return leg;
  }

  #ask(pending: NegotiatedDescription, done: (anchored: Anchored) => void): void {
    const session = this.#session;
    const to = this.#leg(otherSide(pending.from));
    const from = this.#leg(pending.from);
    const transcoding = this.#transcoding(pending);
    const offer = { from: from.side, to: to.side, sdp: pending.keys.text, transcoding };
    session?.offer(offer, (relayed) => {
      this.#instance = session.relay ?? this.#instance;
      const shown = this.#shown(to, relayed);
      if (!shown.ok && this.#offer === pending) this.rollback();
      done(shown);
    });
  }

  /** How the other side is offered it; undefined: as it is. */
  #transcoding({ from, description }: NegotiatedDescription): Transcoding | undefined {
    const need = transcodingNeed(description, this.#leg(otherSide(from)).accepted);
    return need.kind === "needed" ? need.transcoding : undefined;
  }

  /** What the relay made of it, as the leg's side gets it: protected as that side must be, whatever the relay thinks. */
  #shown(leg: NegotiatedLeg, relayed: SdpRelayed): Anchored {
    if (!relayed.ok) {
      return { ok: false, reason: faultReasons[relayed.kind], text: relayed.text };
    }
    const parsed = parseSdp(relayed.sdp);
    if (!parsed.ok) return { ok: false, reason: reasons.rtpengineDown, text: parsed.error.text };
    const objection = leg.objectionTo(mediaKeys(parsed.value), "offer");
    if (objection !== undefined) {
      return { ok: false, reason: reasons.rtpengineDown, text: `of the relay's: ${objection.text}` };
    }
    return { ok: true, text: leg.render(parsed.value) };
  }

  #settle(offer: NegotiatedDescription, answer: NegotiatedDescription): void {
    this.#offer = undefined;
    this.#earlyAnswer = undefined;
    const transcoding = this.#transcoding(offer);
    this.#agreed = { from: offer.from, offer: offer.keys.text, answer: answer.keys.text, transcoding };
    this.#leg(offer.from).learn(offer.description, offer.keys);
    this.#leg(answer.from).learn(answer.description, answer.keys);
    this.#leg(offer.from).learnOffered(offer.description, transcoding !== undefined);
    this.#leg(answer.from).learnAnswered(answer.description);
    this.#isHeld = isHolding(offer.description) || isHolding(answer.description);
    if (this.#queryTimer === undefined) this.#watch(this.#queryIntervalMs);
  }

  #watch(delayMs: number): void {
    const { clock } = this.#options;
    this.#lastReceivedMs = clock.monotonicMs();
    this.#queryTimer = clock.schedule(delayMs, queryAgain, this);
  }

  /** True: packets have come. */
  #count(statistics: SessionStatistics): boolean {
    const fromIngress = this.#ingress.count(statistics.get("ingress"));
    const fromEgress = this.#egress?.count(statistics.get("egress")) ?? false;
    return fromIngress || fromEgress;
  }

  #endSession(done: () => void): void {
    const session = this.#session;
    const egress = this.#egress;
    this.#session = undefined;
    if (session === undefined) {
      done();
      return;
    }
    const known = { ingress: this.#ingress.takeCount(), egress: egress?.takeCount() ?? nothing };
    session.end((statistics) => {
      this.#ingress.add(statistics?.get("ingress") ?? known.ingress);
      egress?.add(statistics?.get("egress") ?? known.egress);
      done();
    });
  }
}

const faultReasons: Readonly<Record<SdpFault, Reason>> = {
  unacceptable: reasons.mediaNotAcceptable,
  unavailable: reasons.rtpengineDown,
  unconfigured: reasons.secureMediaUnavailable,
};

function queryAgain(media: NegotiatedMedia): void {
  media.query();
}

const nothing: SideStatistics = { packets: 0, bytes: 0, lost: 0, jitterMs: 0 };
