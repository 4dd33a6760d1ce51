/**
 * The SdpRelay port: a relay that is given whole session descriptions and gives them back with its own addresses. It is
 * asked over a network, so that every answer comes later, by a function that is called once.
 */
import type { MediaProtection } from "@tandem/sdp";
import type { SourcePolicy } from "./media-relay.ts";
import type { Transcoding } from "./transcoding.ts";

export type { MediaProtection } from "@tandem/sdp";

/** ICE towards a side (RFC 8445): none, as a full agent, or as a lite one. */
export type IceRole = "none" | "full" | "lite";

/** One side of a session: where its media are, and what it is offered. */
export interface SdpSide {
  /** A side is named so in the whole session. */
  readonly tag: string;
  /** Names a media address of the gateway; the relay has one of its own there. */
  readonly mediaInterface: string;
  readonly protection: MediaProtection;
  readonly ice: IceRole;
  readonly source: SourcePolicy;
  /** Differentiated services code point of packets to this side, 0 to 63. Left out: the other side's, or the relay's. */
  readonly dscp?: number | undefined;
}

export interface SdpOffer {
  readonly from: SdpSide;
  readonly to: SdpSide;
  readonly sdp: string;
  /** What `to` is offered in place of the audio that `from` speaks; left out: the same. */
  readonly transcoding?: Transcoding | undefined;
}

/** `sdp` is the answer of `from` to an offer of `to`. */
export type SdpAnswer = Omit<SdpOffer, "transcoding">;

export type SdpRelayed =
  | { readonly ok: true; readonly sdp: string }
  | { readonly ok: false; readonly kind: SdpFault; readonly text: string };

/** `unacceptable`: the description is at fault; `unavailable`: the relay is; `unconfigured`: there is none for that. */
export type SdpFault = "unacceptable" | "unavailable" | "unconfigured";

/** What came from one side. Loss and jitter are as the receivers of its packets reported them over RTCP, if they did. */
export interface SideStatistics {
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly jitterMs: number;
}

export type SessionStatistics = ReadonlyMap<string, SideStatistics>;

export type SessionState =
  | { readonly kind: "alive"; readonly statistics: SessionStatistics }
  /** The relay answers, and knows no such session: its media are gone. */
  | { readonly kind: "gone" }
  | { readonly kind: "silent" };

/** Plain JSON. */
export interface SessionJournal {
  readonly relay: string;
  readonly sessionId: string;
  /** Of the side that made the first offer. */
  readonly tag: string;
}

/** Media of one call, or of one attempt. Its first offer makes it. */
export interface SdpSession {
  /** Which relay has it; undefined before the first offer was answered. */
  readonly relay: string | undefined;
  offer(offer: SdpOffer, done: (relayed: SdpRelayed) => void): void;
  answer(answer: SdpAnswer, done: (relayed: SdpRelayed) => void): void;
  query(done: (state: SessionState) => void): void;
  toJournal(): SessionJournal | undefined;
  /** Ends it; gives what it counted, undefined when the relay does not say. Once, and while nothing else is asked. */
  delete(done: (statistics: SessionStatistics | undefined) => void): void;
}

export interface SdpObjection {
  readonly kind: "unavailable" | "unconfigured";
  readonly text: string;
}

export interface SdpRelay {
  /** Why no session can be had that has media on these interfaces of the gateway; undefined: it can. */
  objectionTo(mediaInterfaces: readonly string[]): SdpObjection | undefined;
  /** Address that stands in SDP for that interface of the gateway; undefined: there is none. */
  addressOf(mediaInterface: string): string | undefined;
  /** @param key names the call; each session of it gets a name of its own */
  session(key: string): SdpSession;
  /** Undefined: its relay is not among ours any more. */
  adopt(journal: SessionJournal): SdpSession | undefined;
  /** Sessions that were not deleted yet. */
  readonly openSessions: number;
}
