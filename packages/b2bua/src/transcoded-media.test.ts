import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { Transcoding } from "@tandem/media";
import { RelayDouble, SdpRelayDouble } from "@tandem/media/testing";
import type { Anchored, LegMediaOptions, Side } from "./media-anchor.ts";
import { NegotiatedMedia, type NegotiatedMediaOptions } from "./negotiated-media.ts";

function sdp(formats: string, ...more: readonly string[]): string {
  const head = ["v=0", "o=joe 1 1 IN IP4 192.0.2.7", "s=-", "c=IN IP4 192.0.2.7", "t=0 0"];
  return [...head, `m=audio 4000 RTP/AVP ${formats}`, ...more, ""].join("\r\n");
}

const customer: LegMediaOptions = {
  mediaInterface: "customers",
  source: "address",
  signalingAddress: undefined,
  trustedNetworks: [],
};
const carrier: LegMediaOptions = { ...customer, mediaInterface: "carriers", codecs: ["PCMU", "GSM"] };
const alaw = sdp("8 9 101", "a=rtpmap:101 telephone-event/8000");
const ulaw = sdp("0");
const towardsCarrier: Transcoding = { from: ["PCMA", "G722"], without: [], to: ["PCMU", "GSM"] };
const towardsCustomer: Transcoding = { from: ["PCMU"], without: [], to: ["PCMA", "G722"] };

class Script {
  readonly clock = new HandClock();
  readonly sdpRelay = new SdpRelayDouble({
    clock: this.clock,
    addresses: { customers: "198.51.100.1", carriers: "198.51.100.2" },
  });
  readonly options: NegotiatedMediaOptions = {
    clock: this.clock,
    relay: new RelayDouble(),
    sdpRelay: this.sdpRelay,
    key: "CA1",
    mediaInactivityMs: 60_000,
    why: "transcoding",
  };
  media = new NegotiatedMedia(this.options, customer);

  constructor(egress: LegMediaOptions = carrier) {
    this.media.useEgress(egress);
  }

  /** Formats of the audio that the other side is shown. */
  offer(from: Side, text: string): string {
    return this.#told((done) => this.media.offer(from, text, done));
  }

  answer(from: Side, text: string, isFinal = true): string {
    return this.#told((done) => this.media.answer(from, text, isFinal, done));
  }

  /** What was asked of the relay's last session, in order. */
  get transcodings(): (Transcoding | undefined)[] {
    return this.sdpRelay.sessions.at(-1)?.offers.map(({ transcoding }) => transcoding) ?? [];
  }

  get codecs(): (string | undefined)[] {
    return [this.media.audio("ingress")?.codec, this.media.audio("egress")?.codec];
  }

  #told(ask: (done: (anchored: Anchored) => void) => void): string {
    let told: Anchored | undefined;
    ask((anchored) => {
      told = anchored;
    });
    this.clock.advance(0);
    assert.ok(told?.ok === true);
    return /^m=audio \d+ RTP\/AVP (.*)\r$/m.exec(told.text)?.[1] ?? "";
  }
}

describe("NegotiatedMedia towards a side that takes certain codecs", () => {
  test("an offer without any of them is transcoded, and each leg has its own codec", () => {
    const run = new Script();
    assert.equal(run.offer("ingress", alaw), "0 3");
    assert.equal(run.answer("egress", ulaw), "8");
    assert.deepEqual(run.transcodings, [towardsCarrier]);
    assert.deepEqual(run.codecs, ["PCMA", "PCMU"]);
  });

  test("an offer with one of them stays as it is; so does every offer to a side that takes any", () => {
    const run = new Script();
    assert.equal(run.offer("ingress", sdp("8 3")), "8 3");
    assert.equal(run.answer("egress", sdp("3")), "3");
    assert.deepEqual(run.codecs, ["GSM", "GSM"]);
    const { codecs: _, ...any } = carrier;
    const free = new Script(any);
    assert.equal(free.offer("ingress", alaw), "8 9 101");
    free.answer("egress", sdp("8"));
    // Of a caller that was not transcoded nothing is assumed.
    assert.equal(free.offer("egress", ulaw), "0");
    assert.deepEqual([...run.transcodings, ...free.transcodings], [undefined, undefined, undefined]);
  });

  test("offers of the other side are transcoded to what the caller has offered", () => {
    const run = new Script();
    run.offer("ingress", alaw);
    run.answer("egress", ulaw);
    assert.equal(run.offer("egress", ulaw), "8 9");
    assert.equal(run.answer("ingress", sdp("9")), "0");
    assert.deepEqual(run.codecs, ["G722", "PCMU"]);
    run.offer("egress", ulaw);
    run.answer("ingress", sdp("8"));
    assert.deepEqual(run.transcodings, [towardsCarrier, towardsCustomer, towardsCustomer]);
    // It has learned more since.
    run.offer("ingress", sdp("8 0"));
    run.answer("egress", ulaw);
    assert.deepEqual(run.codecs, ["PCMU", "PCMU"]);
    run.offer("egress", sdp("3"));
    assert.deepEqual(run.transcodings.slice(3), [undefined, undefined]);
  });

  test("a fax in between changes nothing of what the caller takes", () => {
    const run = new Script();
    run.offer("ingress", alaw);
    run.answer("egress", ulaw);
    const fax = alaw.replace(/^m=audio[^]*/m, "m=image 4000 udptl t38\r\n");
    run.offer("ingress", fax);
    run.answer("egress", fax);
    assert.deepEqual(run.codecs, [undefined, undefined]);
    assert.equal(run.offer("egress", ulaw), "8 9");
    assert.deepEqual(run.transcodings, [towardsCarrier, undefined, towardsCustomer]);
  });

  test("early media count: what was shown then holds when it is settled", () => {
    const run = new Script();
    run.offer("ingress", alaw);
    run.answer("egress", sdp("3"), false);
    assert.equal(run.media.settle("egress"), true);
    assert.deepEqual(run.codecs, ["PCMA", "GSM"]);
    assert.equal(run.offer("egress", ulaw), "8 9");
  });

  test("each attempt is offered what its own side takes", () => {
    const run = new Script();
    run.offer("ingress", alaw);
    run.media.useEgress({ ...carrier, codecs: ["G722"] });
    run.media.offerAgain(() => undefined);
    run.clock.advance(0);
    assert.deepEqual(run.transcodings, [undefined]);
  });

  test("a refused offer brings back what was agreed on, transcoded as before", () => {
    const run = new Script();
    run.offer("ingress", alaw);
    run.answer("egress", ulaw);
    run.offer("egress", sdp("0 8"));
    run.media.rollback();
    run.clock.advance(0);
    assert.deepEqual(run.transcodings, [towardsCarrier, undefined, towardsCarrier]);
    // A refresh of ours that the caller answers with less than it had.
    run.media.refreshed("ingress", sdp("9"));
    run.clock.advance(0);
    assert.deepEqual(run.transcodings.at(-1), { ...towardsCarrier, from: ["G722"] });
  });

  test("a call goes on so after a restart", () => {
    const run = new Script();
    run.offer("ingress", alaw);
    run.answer("egress", ulaw);
    const journal = structuredClone(run.media.toJournal() ?? assert.fail());
    run.media = NegotiatedMedia.adopt(run.options, journal) ?? assert.fail();
    assert.deepEqual(run.codecs, ["PCMA", "PCMU"]);
    assert.equal(run.offer("egress", ulaw), "8 9");
    assert.equal(run.answer("ingress", sdp("8")), "0");
    run.offer("ingress", alaw);
    assert.deepEqual(run.transcodings, [towardsCustomer, towardsCarrier]);
  });
});
