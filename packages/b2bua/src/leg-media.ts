import type { EndpointJournal, FlowKind, MediaRelay, RelayEndpoint } from "@tandem/media";
import { type AnchorPorts, type AudioEncoding, anchorSdp, type SessionDescription } from "@tandem/sdp";
import { randomHex } from "@tandem/sip/user-agent";
import type { AudioReading } from "./audio-reading.ts";
import { type CountedReceived, nothingReceived, receivedOf, receivedSince, sumOf } from "./leg-received.ts";
import type { LegMediaOptions } from "./media-anchor.ts";
import { sdpFingerprint } from "./sdp-fingerprint.ts";

export interface LegMediaJournal {
  readonly options: LegMediaOptions;
  readonly endpoints: readonly (EndpointJournal | null)[];
  readonly sessionId: string;
  readonly sessionVersion: number;
  /** Of a call that is refreshed: what the peer was shown last, and the fingerprint of what it said. */
  readonly shown?: string;
  readonly heard?: number;
  /** Left out: there is no audio, or it was written before this was known. */
  readonly audio?: AudioStream;
}

/** Which of the media descriptions is the audio, and what it was agreed to be encoded in. */
interface AudioStream {
  readonly index: number;
  readonly codec: string;
}

/** Our media on one leg: a relay endpoint per media description, and the o= line that the leg's peer sees. */
export class LegMedia {
  endpoints: readonly (RelayEndpoint | undefined)[] = noEndpoints;
  readonly options: LegMediaOptions;
  #sessionId = newSessionId();
  #sessionVersion = 0;
  #lastText = "";
  #heard = 0;
  /** Of endpoints that were closed. */
  #closed: CountedReceived = nothingReceived;
  #audio: AudioStream | undefined = undefined;
  /** Hz, as the endpoint of the audio was told. */
  #audioClockRate = 8000;
  /** The last word on an audio stream whose endpoint was closed. */
  #closedAudio: AudioReading | undefined = undefined;
  /** Of the audio, what an earlier call has counted already. */
  #audioBefore: Pick<AudioReading, "packets" | "lost" | "foreignPackets"> = nothingReceived;
  /** What an earlier call has counted already. */
  #before: CountedReceived = nothingReceived;

  constructor(options: LegMediaOptions) {
    this.options = options;
  }

  /** Where its media are sent from; undefined: it has none. */
  get localAddress(): string | undefined {
    return this.endpoints.find((endpoint) => endpoint !== undefined)?.localAddress;
  }

  /** Makes sure that there is an endpoint for this media description; false when no port is free. */
  open(relay: MediaRelay, index: number, kind: FlowKind): boolean {
    if (this.endpoints[index] !== undefined) return true;
    const endpoint = relay.openEndpoint({ mediaInterface: this.options.mediaInterface, kind });
    if (endpoint === undefined) return false;
    this.#setPolicy(endpoint);
    this.#put(index, endpoint);
    return true;
  }

  /**
   * The description with our addresses. The version grows when and only when the text differs from the last one
   * shown to this peer (RFC 3264 §8, RFC 8866 §5.2).
   */
  render(description: SessionDescription): string {
    if (this.#lastText !== "" && this.#write(description) === this.#lastText) return this.#lastText;
    this.#sessionVersion += 1;
    this.#lastText = this.#write(description);
    return this.#lastText;
  }

  /** What the peer was shown last; "" before, and after a restart of a call that is not refreshed. */
  get shown(): string {
    return this.#lastText;
  }

  /** The peer's description is agreed on. */
  hear(text: string): void {
    this.#heard = sdpFingerprint(text);
  }

  /** Whether this is the description that the peer gave last. */
  hasHeard(text: string): boolean {
    return this.#heard === sdpFingerprint(text);
  }

  /** Which stream is the audio, as both sides have agreed; undefined: none is. */
  setAudio(index: number, encoding: AudioEncoding | undefined): void {
    this.#audio = encoding && { index, codec: encoding.name };
    if (encoding === undefined || encoding.clockRate === this.#audioClockRate) return;
    this.#audioClockRate = encoding.clockRate;
    this.endpoints[index]?.setClockRate(encoding.clockRate);
  }

  /** What came of the audio; undefined: there is none now. */
  audio(): AudioReading | undefined {
    if (this.#audio === undefined) return undefined;
    const { index, codec } = this.#audio;
    const endpoint = this.endpoints[index];
    if (endpoint === undefined) return this.#closedAudio;
    const { packets, lost, jitterMs, foreignPackets } = receivedOf(endpoint.received);
    const before = this.#audioBefore;
    return {
      packets: packets - before.packets,
      lost: Math.max(0, lost - before.lost),
      jitterMs,
      foreignPackets: Math.max(0, foreignPackets - before.foreignPackets),
      codec,
      reported: endpoint.reported,
    };
  }

  received(): CountedReceived {
    let all = this.#closed;
    for (const endpoint of this.endpoints) {
      if (endpoint !== undefined) all = sumOf(all, receivedOf(endpoint.received));
    }
    return receivedSince(this.#before, all);
  }

  /** The leg goes on in another call, which counts from now on; what stays behind has no endpoints, and the old counts. */
  split(): LegMedia {
    const left = new LegMedia(this.options);
    const audio = this.audio();
    left.#audio = this.#audio;
    left.#closedAudio = audio;
    if (audio !== undefined) {
      const { packets, lost, foreignPackets } = this.#audioBefore;
      this.#audioBefore = {
        packets: audio.packets + packets,
        lost: audio.lost + lost,
        foreignPackets: audio.foreignPackets + foreignPackets,
      };
    }
    left.#closed = this.received();
    this.#before = { ...sumOf(left.#closed, this.#before), jitterMs: 0 };
    return left;
  }

  /** Closes one endpoint; what it counted stays in the sums. */
  closeAt(index: number): void {
    const endpoint = this.endpoints[index];
    if (endpoint === undefined) return;
    if (index === this.#audio?.index) this.#closedAudio = this.audio();
    this.#closed = sumOf(this.#closed, receivedOf(endpoint.received));
    endpoint.close();
    this.#put(index, undefined);
  }

  close(): void {
    for (let index = 0; index < this.endpoints.length; index += 1) this.closeAt(index);
  }

  /** @param isRefreshed a restarted process must be able to refresh the session */
  toJournal(isRefreshed: boolean): LegMediaJournal {
    return {
      options: this.options,
      endpoints: Array.from(this.endpoints, (endpoint) => endpoint?.toJournal() ?? null),
      sessionId: this.#sessionId,
      sessionVersion: this.#sessionVersion,
      ...(this.#audio === undefined ? {} : { audio: this.#audio }),
      ...(isRefreshed ? { shown: this.#lastText, heard: this.#heard } : {}),
    };
  }

  /** Takes the endpoints of the journal again; false when one of them can't be had. */
  adopt(relay: MediaRelay, journal: LegMediaJournal): boolean {
    this.#sessionId = journal.sessionId;
    this.#sessionVersion = journal.sessionVersion;
    this.#lastText = journal.shown ?? "";
    this.#heard = journal.heard ?? 0;
    this.#audio = journal.audio;
    for (const [index, entry] of journal.endpoints.entries()) {
      const endpoint = entry === null ? undefined : relay.adopt(entry);
      if (entry !== null && endpoint === undefined) return false;
      this.#put(index, endpoint);
      if (entry !== null && index === this.#audio?.index) this.#audioClockRate = entry.clockRate;
    }
    return true;
  }

  /** In an array of just that length: one that grows keeps room for sixteen more, as long as the call lasts. */
  #put(index: number, endpoint: RelayEndpoint | undefined): void {
    const { endpoints } = this;
    if (index < endpoints.length) this.endpoints = endpoints.with(index, endpoint);
    else if (index === 0) this.endpoints = [endpoint];
    else {
      const length = index + 1;
      this.endpoints = Array.from({ length }, (_, at) => (at === index ? endpoint : endpoints[at]));
    }
  }

  #setPolicy(endpoint: RelayEndpoint): void {
    const { source, signalingAddress, trustedNetworks, dscp } = this.options;
    const policy = { source, signalingAddress, trustedNetworks };
    endpoint.setPolicy(dscp === undefined ? policy : { ...policy, dscp });
  }

  #write(description: SessionDescription): string {
    const ports: (AnchorPorts | undefined)[] = [];
    for (let index = 0; index < description.media.length; index += 1) {
      const endpoint = this.endpoints[index];
      ports.push(endpoint && { rtp: endpoint.localPort, rtcp: endpoint.rtcpPort });
    }
    return anchorSdp(description, {
      address: this.endpoints.find((endpoint) => endpoint !== undefined)?.advertisedAddress ?? "0.0.0.0",
      sessionId: this.#sessionId,
      sessionVersion: this.#sessionVersion,
      ports,
    });
  }
}

const noEndpoints: readonly undefined[] = [];

/** Of o=: a decimal number that fits into 48 bits, never 0; random, so that it tells nothing of other calls. */
export function newSessionId(): string {
  return String(Math.floor(Number.parseInt(randomHex(6), 16) / 2) + 1);
}
