import {
  type IceRole,
  type MediaProtection,
  type SdpSide,
  type SideStatistics,
  takenBy,
} from "@tandem/media";
import { type Reason, reasons } from "@tandem/reasons";
import { type MediaKeys, ownOrigin, type SessionDescription } from "@tandem/sdp";
import { audioCodecOf } from "./audio-codec.ts";
import { newSessionId } from "./leg-media.ts";
import type { LegReceived } from "./leg-received.ts";
import type { LegMediaOptions, Side } from "./media-anchor.ts";

export interface NegotiatedLegJournal {
  readonly options: LegMediaOptions;
  readonly protection: MediaProtection;
  readonly ice: IceRole;
  readonly sessionId: string;
  readonly sessionVersion: number;
  /** What the side itself takes; left out: nothing is known of it. */
  readonly taken?: readonly string[];
  /** Of its audio; left out: it has none. */
  readonly codec?: string;
}

export interface Objection {
  readonly reason: Reason;
  readonly text: string;
}

/** One leg of negotiated media: what its side must say and gets to see, and what came from it. */
export class NegotiatedLeg {
  readonly tag: Side;
  readonly options: LegMediaOptions;
  #protection: MediaProtection;
  #ice: IceRole;
  /** Encodings that its last offer had, when that was transcoded. */
  #taken: readonly string[] = [];
  #codec: string | undefined;
  #shownCodec: string | undefined;
  #sessionId = newSessionId();
  #sessionVersion = 0;
  #lastText = "";
  /** Of sessions that are over. */
  #before: SideStatistics = nothing;
  #now: SideStatistics = nothing;

  constructor(tag: Side, options: LegMediaOptions) {
    this.tag = tag;
    this.options = options;
    const { srtp = "none", ice } = options;
    this.#protection = srtp === "any" ? "sdes" : srtp;
    this.#ice = ice ?? "none";
  }

  static adopt(tag: Side, journal: NegotiatedLegJournal): NegotiatedLeg {
    const leg = new NegotiatedLeg(tag, journal.options);
    leg.#protection = journal.protection;
    leg.#ice = journal.ice;
    leg.#taken = journal.taken ?? [];
    leg.#codec = journal.codec;
    leg.#sessionId = journal.sessionId;
    leg.#sessionVersion = journal.sessionVersion;
    return leg;
  }

  get side(): SdpSide {
    const { mediaInterface, source, dscp } = this.options;
    return { tag: this.tag, mediaInterface, source, dscp, protection: this.#protection, ice: this.#ice };
  }

  /** Encodings that the side takes, the preferred first; empty: any. */
  get accepted(): readonly string[] {
    return this.options.codecs ?? this.#taken;
  }

  /** Of its audio, as both sides agreed on it; undefined: there is none, or nothing is known of it. */
  get codec(): string | undefined {
    return this.#codec;
  }

  /** rtpengine counts no telephone events, and tells nobody what it has dropped. */
  get received(): LegReceived {
    return { ...sum(this.#before, this.#now), events: null, foreignPackets: null };
  }

  /** Why that description of the side is not taken. An answer has to protect the media as it was offered. */
  objectionTo(keys: MediaKeys, kind: "offer" | "answer"): Objection | undefined {
    const wanted = this.options.srtp ?? "none";
    for (const protection of keys.protections) {
      if (protection === "rejected") continue;
      if (wanted === "none" && protection === "none") continue;
      if (wanted === "none") {
        return { reason: reasons.secureMediaRefused, text: "the trunk takes no SRTP" };
      }
      if (protection === "none") {
        return { reason: reasons.secureMediaRequired, text: `the ${kind} has media without SRTP` };
      }
      if (protection === "keyless") {
        return { reason: reasons.noUsableKey, text: `the ${kind} has SRTP without a key that is taken` };
      }
      if (kind === "answer" && protection !== this.#protection) {
        const text = `the answer has ${protection}, the offer had ${this.#protection}`;
        return { reason: reasons.noUsableKey, text };
      }
    }
    return undefined;
  }

  /** The exchange is complete: later offers to this side are like its own description. */
  learn(description: SessionDescription, keys: MediaKeys): void {
    const protection = keys.protections.find((one) => one === "sdes" || one === "dtls");
    if (protection === "sdes" || protection === "dtls") this.#protection = protection;
    if (this.options.ice !== undefined) return;
    this.#ice = description.media.some(({ hasIce, isRejected }) => hasIce && !isRejected) ? "full" : "none";
  }

  /**
   * The offer of this side was answered by what it was shown last. Where it was transcoded, offers of the other side will
   * be, too: there is nothing else that this side can be known to take.
   */
  learnOffered(description: SessionDescription, isTranscoded: boolean): void {
    if (isTranscoded) this.#taken = takenBy(description);
    // A fax says nothing of speech, which comes back after it.
    else if (audioCodecOf(description) !== undefined) this.#taken = [];
    this.#codec = this.#shownCodec;
  }

  /** The answer of this side was taken. */
  learnAnswered(description: SessionDescription): void {
    this.#codec = audioCodecOf(description);
  }

  /** The side sees an o= line of ours, whose version grows when and only when the text does change (RFC 3264 §8). */
  render(description: SessionDescription): string {
    this.#shownCodec = audioCodecOf(description);
    const write = (): string =>
      ownOrigin(description, { sessionId: this.#sessionId, sessionVersion: this.#sessionVersion });
    if (this.#lastText !== "" && write() === this.#lastText) return this.#lastText;
    this.#sessionVersion += 1;
    this.#lastText = write();
    return this.#lastText;
  }

  /** What the side was shown last; "" before, and after a restart: it may hold keys, which no journal gets. */
  get shown(): string {
    return this.#lastText;
  }

  /** What the session that is under way counted so far. True: more than before. */
  count(statistics: SideStatistics | undefined): boolean {
    if (statistics === undefined) return false;
    const hasGrown = statistics.packets > this.#now.packets;
    this.#now = statistics;
    return hasGrown;
  }

  /** The session is over: what is known of it so far, which `add` has to bring back, or better numbers. */
  takeCount(): SideStatistics {
    const known = this.#now;
    this.#now = nothing;
    return known;
  }

  add(received: SideStatistics): void {
    this.#before = sum(this.#before, received);
  }

  toJournal(): NegotiatedLegJournal {
    return {
      options: this.options,
      protection: this.#protection,
      ice: this.#ice,
      sessionId: this.#sessionId,
      sessionVersion: this.#sessionVersion,
      ...(this.#taken.length === 0 ? {} : { taken: this.#taken }),
      ...(this.#codec === undefined ? {} : { codec: this.#codec }),
    };
  }
}

const nothing: SideStatistics = { packets: 0, bytes: 0, lost: 0, jitterMs: 0 };

function sum(a: SideStatistics, b: SideStatistics): SideStatistics {
  return {
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    lost: a.lost + b.lost,
    jitterMs: Math.max(a.jitterMs, b.jitterMs),
  };
}
