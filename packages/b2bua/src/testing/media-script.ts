/** Media that are negotiated with a relay, without the call around them. */
import assert from "node:assert/strict";
import { HandClock } from "@tandem/clock/testing";
import type { SideStatistics } from "@tandem/media";
import { RelayDouble, SdpRelayDouble } from "@tandem/media/testing";
import type { Reason } from "@tandem/reasons";
import type { Anchored, LegMediaOptions, Side } from "../media-anchor.ts";
import { NegotiatedMedia } from "../negotiated-media.ts";

export const key = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${"K".repeat(40)}`;
export const strongKey = `a=crypto:2 AEAD_AES_256_GCM inline:${"K".repeat(59)}`;

export function sdp(protocol: string, address: string, ...more: string[]): string {
  const head = ["v=0", `o=joe 1 1 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  return [...head, `m=audio 4000 ${protocol} 0`, ...more, ""].join("\r\n");
}

export const customer: LegMediaOptions = {
  mediaInterface: "customers",
  source: "address",
  signalingAddress: undefined,
  trustedNetworks: [],
  srtp: "any",
};
export const { srtp: _, ...plainLeg } = customer;
export const carrier: LegMediaOptions = { ...plainLeg, mediaInterface: "carriers" };
export const secureOffer = sdp("RTP/SAVP", "192.0.2.7", key);
export const plainAnswer = sdp("RTP/AVP", "203.0.113.9");

export class MediaScript {
  readonly clock = new HandClock();
  readonly relay = new RelayDouble();
  readonly sdpRelay = new SdpRelayDouble({
    clock: this.clock,
    addresses: { customers: "198.51.100.1", carriers: "198.51.100.2" },
  });
  readonly media: NegotiatedMedia;
  readonly lost: Reason[] = [];

  constructor(ingress: LegMediaOptions = customer, egress: LegMediaOptions = carrier) {
    const { clock, relay, sdpRelay } = this;
    this.media = new NegotiatedMedia(
      { clock, relay, sdpRelay, key: "CA1", mediaInactivityMs: 60_000, why: "SRTP of the caller" },
      ingress,
    );
    this.media.user = this;
    this.media.useEgress(egress);
  }

  /** What comes of it, once it is there; undefined: it waits. */
  offer(from: Side, text: string): Anchored | undefined {
    return this.#told((done) => this.media.offer(from, text, done));
  }

  answer(from: Side, text: string, isFinal = true): Anchored | undefined {
    return this.#told((done) => this.media.answer(from, text, isFinal, done));
  }

  onMediaLost(reason: Reason): void {
    this.lost.push(reason);
  }

  up(): void {
    this.offer("ingress", secureOffer);
    this.answer("egress", plainAnswer);
  }

  count(ingress: number, egress: number): void {
    const of = (packets: number): SideStatistics => ({ packets, bytes: packets * 172, lost: 1, jitterMs: 2 });
    this.sdpRelay.statistics = new Map([
      ["ingress", of(ingress)],
      ["egress", of(egress)],
    ]);
  }

  #told(ask: (done: (anchored: Anchored) => void) => void): Anchored | undefined {
    const told: Anchored[] = [];
    ask((anchored) => told.push(anchored));
    this.clock.advance(0);
    return told[0];
  }
}

export function textOf(anchored: Anchored | undefined): string {
  assert.ok(anchored?.ok === true, anchored === undefined ? "waits" : JSON.stringify(anchored));
  return anchored.text;
}

export function reasonOf(anchored: Anchored | undefined): string {
  assert.ok(anchored?.ok === false);
  return anchored.reason.name;
}
