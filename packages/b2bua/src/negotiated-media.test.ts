import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { SideStatistics } from "@tandem/media";
import { RelayDouble, SdpRelayDouble } from "@tandem/media/testing";
import { type Reason, reasons } from "@tandem/reasons";
import type { Anchored, LegMediaOptions, Side } from "./media-anchor.ts";
import { longestQueryIntervalMs, NegotiatedMedia } from "./negotiated-media.ts";
import { maximumWaitingExchanges } from "./serial-session.ts";

const key = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${"K".repeat(40)}`;
const strongKey = `a=crypto:2 AEAD_AES_256_GCM inline:${"K".repeat(59)}`;

function sdp(protocol: string, address: string, ...more: string[]): string {
  const head = ["v=0", `o=joe 1 1 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  return [...head, `m=audio 4000 ${protocol} 0`, ...more, ""].join("\r\n");
}

const customer: LegMediaOptions = {
  mediaInterface: "customers",
  source: "address",
  signalingAddress: undefined,
  trustedNetworks: [],
  srtp: "any",
};
const { srtp: _, ...plainLeg } = customer;
const carrier: LegMediaOptions = { ...plainLeg, mediaInterface: "carriers" };
const secureOffer = sdp("RTP/SAVP", "192.0.2.7", key);
const plainAnswer = sdp("RTP/AVP", "203.0.113.9");

class Script {
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

function textOf(anchored: Anchored | undefined): string {
  assert.ok(anchored?.ok === true, anchored === undefined ? "waits" : JSON.stringify(anchored));
  return anchored.text;
}

function reasonOf(anchored: Anchored | undefined): string {
  assert.ok(anchored?.ok === false);
  return anchored.reason.name;
}

describe("NegotiatedMedia", () => {
  test("each side sees the relay's description with an o= line of ours", () => {
    const run = new Script();
    const offered = textOf(run.offer("ingress", secureOffer));
    assert.match(offered, /^o=- \d+ 1 IN IP4 198\.51\.100\.2\r$/m);
    assert.match(offered, /^m=audio 30000 RTP\/AVP 0\r$/m);
    assert.doesNotMatch(offered, /joe|crypto/);
    assert.equal(run.media.isOffered, true);
    const answered = textOf(run.answer("egress", plainAnswer));
    assert.match(answered, /^o=- \d+ 1 IN IP4 198\.51\.100\.1\r$/m);
    assert.match(answered, /^m=audio 30000 RTP\/SAVP 0\r$/m);
    assert.equal(run.media.isOffered, false);
    assert.deepEqual(run.media.engine, { name: "rtpengine", why: "SRTP of the caller", instance: "double" });
    assert.equal(run.sdpRelay.openSessions, 1);
  });

  test("the version of o= grows when and only when the description does change", () => {
    const run = new Script();
    run.up();
    assert.match(textOf(run.offer("ingress", secureOffer)), /^o=- \d+ 1 /m);
    textOf(run.answer("egress", plainAnswer));
    assert.match(textOf(run.offer("ingress", `${secureOffer}a=sendonly\r\n`)), /^o=- \d+ 2 /m);
  });

  test("only keys that are taken reach the relay", () => {
    const run = new Script();
    textOf(run.offer("ingress", sdp("RTP/SAVP", "192.0.2.7", strongKey, key)));
    assert.equal(run.sdpRelay.sessions[0]?.offers[0]?.sdp, secureOffer);
  });

  for (const [what, offer, reason] of [
    ["without SRTP", sdp("RTP/AVP", "192.0.2.7"), "secure-media-required"],
    ["with SRTP for one of two", `${secureOffer}m=audio 4002 RTP/AVP 0\r\n`, "secure-media-required"],
    ["without a key", sdp("RTP/SAVP", "192.0.2.7", strongKey), "no-usable-key"],
    ["to this host", sdp("RTP/SAVP", "127.0.0.1", key), "media-not-acceptable"],
    ["that is none", "hello", "bad-sdp"],
  ] as const) {
    test(`an offer ${what} is refused and reaches no relay`, () => {
      const run = new Script();
      assert.equal(reasonOf(run.offer("ingress", offer)), reason);
      assert.deepEqual(run.sdpRelay.asked, []);
      assert.equal(run.media.isOffered, false);
    });
  }

  test("a plain leg takes no SRTP", () => {
    const run = new Script(plainLeg, { ...customer, srtp: "sdes" });
    assert.equal(reasonOf(run.offer("ingress", secureOffer)), "secure-media-refused");
  });

  test("an answer has to protect the media as they were offered", () => {
    for (const [answer, reason] of [
      [sdp("RTP/AVP", "192.0.2.7"), "secure-media-required"],
      [sdp("RTP/SAVP", "192.0.2.7", strongKey), "no-usable-key"],
      [sdp("UDP/TLS/RTP/SAVPF", "192.0.2.7", "a=fingerprint:sha-256 AA"), "no-usable-key"],
      [`${secureOffer}m=audio 0 RTP/SAVP 0\r\n`, "bad-sdp"],
    ] as const) {
      const run = new Script(plainLeg, { ...customer, srtp: "sdes" });
      assert.match(textOf(run.offer("ingress", sdp("RTP/AVP", "203.0.113.9"))), /RTP\/SAVP 0\r\n[^]*crypto/);
      assert.equal(reasonOf(run.answer("egress", answer)), reason);
    }
  });

  test("what the relay makes of it must be as protected as the side is, or it is not shown", () => {
    const run = new Script(plainLeg, { ...customer, srtp: "sdes" });
    const { sdpRelay } = run;
    const session = sdpRelay.sessions[0] ?? assert.fail();
    session.offer = (offer, done) => done({ ok: true, sdp: offer.sdp });
    assert.equal(reasonOf(run.offer("ingress", sdp("RTP/AVP", "203.0.113.9"))), "rtpengine-down");
  });

  test("faults of the relay have reasons of their own", () => {
    for (const [kind, reason] of [
      ["unacceptable", "media-not-acceptable"],
      ["unavailable", "rtpengine-down"],
      ["unconfigured", "secure-media-unavailable"],
    ] as const) {
      const run = new Script();
      run.sdpRelay.fault = { kind, text: "because" };
      assert.deepEqual(run.offer("ingress", secureOffer), {
        ok: false,
        reason: Object.values(reasons).find(({ name }) => name === reason),
        text: "because",
      });
      assert.equal(run.media.isOffered, false);
    }
  });

  test("each attempt has a session of its own; the one before is deleted and its packets count", () => {
    const run = new Script(plainLeg, { ...customer, srtp: "sdes" });
    const first = textOf(run.offer("ingress", sdp("RTP/AVP", "203.0.113.9")));
    run.count(10, 20);
    run.media.useEgress({ ...customer, srtp: "sdes" });
    let second = "";
    assert.equal(
      run.media.offerAgain((anchored) => {
        second = textOf(anchored);
      }),
      true,
    );
    run.clock.advance(0);
    assert.deepEqual(run.sdpRelay.asked, ["0 offer ingress", "0 delete", "1 offer ingress"]);
    assert.notEqual(/crypto.*/.exec(first)?.[0], /crypto.*/.exec(second)?.[0]);
    textOf(run.answer("egress", secureOffer));
    run.count(100, 200);
    let isDone = false;
    run.media.close(() => {
      isDone = true;
    });
    run.clock.advance(0);
    assert.equal(isDone, true);
    // rtpengine counts no telephone events: that is not 0.
    const others = { jitterMs: 2, events: null };
    assert.deepEqual(run.media.received("ingress"), { packets: 110, bytes: 18_920, lost: 2, ...others });
    assert.deepEqual(run.media.received("egress"), { packets: 200, bytes: 34_400, lost: 1, ...others });
    assert.equal(run.sdpRelay.openSessions, 0);
    assert.equal(run.clock.pendingTimers, 0);
  });

  test("without an offer there is none to repeat", () => {
    assert.equal(
      new Script().media.offerAgain(() => assert.fail()),
      false,
    );
  });

  test("offers and answers are asked one at a time, in order", () => {
    const run = new Script();
    run.sdpRelay.isHolding = true;
    const heard: string[] = [];
    run.media.offer("ingress", secureOffer, () => heard.push("offer"));
    run.media.answer("egress", plainAnswer, false, () => heard.push("early"));
    run.media.answer("egress", plainAnswer, true, () => heard.push("final"));
    assert.deepEqual(run.sdpRelay.asked, ["0 offer ingress"]);
    run.sdpRelay.release();
    assert.deepEqual(run.sdpRelay.asked, ["0 offer ingress", "0 answer egress"]);
    run.sdpRelay.release();
    run.sdpRelay.release();
    assert.deepEqual(heard, ["offer", "early", "final"]);
  });

  test("as many wait as may, and one more fails", () => {
    const run = new Script();
    run.sdpRelay.isHolding = true;
    const failed: string[] = [];
    run.media.offer("ingress", secureOffer, () => undefined);
    for (let count = 0; count <= maximumWaitingExchanges; count += 1) {
      assert.equal(failed.length, 0);
      run.media.answer("egress", plainAnswer, false, (anchored) => failed.push(reasonOf(anchored)));
    }
    assert.deepEqual(failed, ["rtpengine-down"]);
  });

  test("closed while something is asked: nobody is told, and the session is deleted after it", () => {
    const run = new Script();
    run.sdpRelay.isHolding = true;
    run.media.offer("ingress", secureOffer, () => assert.fail("told after the end"));
    let isDone = false;
    run.media.close(() => {
      isDone = true;
    });
    assert.deepEqual(run.sdpRelay.asked, ["0 offer ingress"]);
    run.sdpRelay.release();
    assert.deepEqual(run.sdpRelay.asked, ["0 offer ingress", "0 delete"]);
    assert.equal(isDone, false);
    run.sdpRelay.release();
    assert.equal(isDone, true);
    let again = 0;
    run.media.close(() => {
      again += 1;
    });
    assert.equal(again, 1);
    run.media.answer("egress", plainAnswer, true, () => assert.fail("told after the end"));
  });

  test("a refused offer is taken back: what was agreed on is offered and answered again", () => {
    const run = new Script();
    run.up();
    textOf(run.offer("egress", sdp("RTP/AVP", "203.0.113.10")));
    assert.equal(run.sdpRelay.sessions[0]?.offers[1]?.to.protection, "sdes");
    run.media.rollback();
    run.clock.advance(0);
    run.clock.advance(0);
    assert.deepEqual(run.sdpRelay.asked.slice(2), ["0 offer egress", "0 offer ingress", "0 answer egress"]);
    const { offers, answers } = run.sdpRelay.sessions[0] ?? assert.fail();
    assert.equal(offers[2]?.sdp, secureOffer);
    assert.equal(answers[1]?.sdp, plainAnswer);
    assert.equal(run.media.isOffered, false);
    run.media.rollback();
    assert.equal(run.sdpRelay.asked.length, 5);
  });

  test("later offers to a side are like its own: DTLS and ICE stay", () => {
    const run = new Script();
    const dtls = sdp("UDP/TLS/RTP/SAVPF", "192.0.2.7", "a=fingerprint:sha-256 AA:BB", "a=ice-ufrag:abcd");
    run.offer("ingress", dtls);
    run.answer("egress", plainAnswer);
    run.offer("egress", plainAnswer);
    const { to } = run.sdpRelay.sessions[0]?.offers[1] ?? assert.fail();
    assert.deepEqual([to.protection, to.ice], ["dtls", "full"]);
  });

  test("hold of either side is hold", () => {
    const run = new Script();
    run.offer("ingress", `${secureOffer}a=sendonly\r\n`);
    run.answer("egress", `${plainAnswer}a=recvonly\r\n`);
    assert.equal(run.media.isHeld, true);
  });
});

describe("NegotiatedMedia that is up", () => {
  test("asks for the counts; packets of either side are a sign of life", () => {
    const run = new Script();
    assert.equal(run.media.lastReceivedMs, undefined);
    run.up();
    assert.equal(run.media.lastReceivedMs, 0);
    run.count(0, 0);
    run.clock.advance(longestQueryIntervalMs);
    assert.equal(run.media.lastReceivedMs, 0);
    run.count(0, 1);
    run.clock.advance(longestQueryIntervalMs);
    assert.equal(run.media.lastReceivedMs, 2 * longestQueryIntervalMs);
    assert.equal(run.media.received("egress").packets, 1);
    run.clock.advance(longestQueryIntervalMs);
    assert.equal(run.media.lastReceivedMs, 2 * longestQueryIntervalMs);
    run.sdpRelay.state = "silent";
    run.clock.advance(longestQueryIntervalMs);
    assert.deepEqual(run.lost, []);
    run.media.close(() => undefined);
    run.clock.advance(0);
    // A relay that does not tell leaves what was known.
    assert.equal(run.media.received("egress").packets, 1);
    assert.equal(run.clock.pendingTimers, 0);
  });

  test("asks more often where silence is noticed soon", () => {
    const { clock, relay, sdpRelay } = new Script();
    const media = new NegotiatedMedia(
      { clock, relay, sdpRelay, key: "CA2", mediaInactivityMs: 4000, why: "" },
      customer,
    );
    media.useEgress(carrier);
    media.offer("ingress", secureOffer, () => undefined);
    media.answer("egress", plainAnswer, true, () => undefined);
    clock.advance(0);
    clock.advance(0);
    sdpRelay.asked.length = 0;
    clock.advance(999);
    assert.deepEqual(sdpRelay.asked, []);
    clock.advance(1);
    assert.deepEqual(sdpRelay.asked, ["1 query"]);
  });

  test("a session that the relay has lost ends the call", () => {
    const run = new Script();
    run.up();
    run.sdpRelay.state = "gone";
    run.clock.advance(longestQueryIntervalMs);
    assert.deepEqual(run.lost, [reasons.mediaSessionLost]);
    run.clock.advance(10 * longestQueryIntervalMs);
    assert.equal(run.lost.length, 1);
  });

  test("a session that is lost before the call is answered is told when it is", () => {
    const run = new Script();
    run.media.user = undefined;
    run.offer("ingress", secureOffer);
    run.answer("egress", plainAnswer, false);
    assert.equal(run.media.settle("egress"), true);
    run.sdpRelay.state = "gone";
    run.clock.advance(2 * longestQueryIntervalMs);
    run.media.user = run;
    run.clock.advance(longestQueryIntervalMs);
    assert.deepEqual(run.lost, [reasons.mediaSessionLost]);
  });

  test("only an early answer to the offer that is open can be settled, once", () => {
    const run = new Script();
    run.offer("ingress", secureOffer);
    assert.equal(run.media.settle("egress"), false);
    run.answer("egress", plainAnswer, false);
    assert.equal(run.media.settle("ingress"), false);
    assert.equal(run.media.isOffered, true);
    assert.equal(run.media.settle("egress"), true);
    assert.equal(run.media.isOffered, false);
    assert.equal(run.media.settle("egress"), false);
    run.offer("ingress", secureOffer);
    assert.equal(run.media.settle("egress"), false);
  });

  test("what an attempt before had settled is not offered again in the session of the next", () => {
    const run = new Script();
    run.offer("ingress", secureOffer);
    run.answer("egress", plainAnswer, false);
    run.media.settle("egress");
    run.media.useEgress(carrier);
    run.clock.advance(2 * longestQueryIntervalMs);
    run.offer("ingress", secureOffer);
    run.media.rollback();
    run.clock.advance(0);
    assert.deepEqual(run.sdpRelay.asked.slice(2), ["0 delete", "1 offer ingress"]);
  });

  test("a refresh of ours has what the side was shown; the relay hears of an answer that is new", () => {
    const run = new Script();
    assert.equal(run.media.shownTo("egress"), "");
    const offered = textOf(run.offer("ingress", secureOffer));
    const answered = textOf(run.answer("egress", plainAnswer));
    assert.equal(run.media.shownTo("egress"), offered);
    assert.equal(run.media.shownTo("ingress"), answered);
    run.media.refreshed("egress", plainAnswer);
    run.media.refreshed("egress", sdp("RTP/SAVP", "203.0.113.9", key));
    run.clock.advance(0);
    assert.equal(run.sdpRelay.asked.length, 2);
    const moved = sdp("RTP/AVP", "203.0.113.10");
    run.media.refreshed("egress", moved);
    run.clock.advance(0);
    const [session] = run.sdpRelay.sessions;
    assert.deepEqual(session?.answers.map((one) => one.sdp).slice(1), [moved]);
    assert.deepEqual(session?.offers.map((one) => one.sdp).slice(1), [session?.offers[0]?.sdp]);
    // What it was told then is what a refused offer goes back to.
    run.offer("ingress", sdp("RTP/SAVP", "192.0.2.7", key, "a=sendonly"));
    run.media.rollback();
    run.clock.advance(0);
    assert.equal(session?.answers.at(-1)?.sdp, moved);
  });

  test("counts no telephone events, before there is an egress leg neither", () => {
    const { clock, relay, sdpRelay } = new Script();
    const options = { clock, relay, sdpRelay, key: "CA2", mediaInactivityMs: 60_000, why: "a test" };
    const media = new NegotiatedMedia(options, customer);
    const sides: readonly Side[] = ["ingress", "egress"];
    assert.deepEqual(
      sides.map((side) => media.received(side).events),
      [null, null],
    );
  });

  test("tells of the audio as the relay counted it, with the codec of the answer", () => {
    const run = new Script();
    assert.equal(run.media.audio("ingress"), undefined);
    run.up();
    run.count(10, 20);
    run.media.query();
    run.clock.advance(0);
    const reported = undefined;
    assert.deepEqual(run.media.audio("ingress"), {
      packets: 10,
      lost: 1,
      jitterMs: 2,
      codec: "PCMU",
      reported,
    });
    assert.deepEqual(run.media.audio("egress"), {
      packets: 20,
      lost: 1,
      jitterMs: 2,
      codec: "PCMU",
      reported,
    });
  });

  test("a call that was on hold is so after a restart, with its codec", () => {
    const before = new Script();
    before.offer("ingress", secureOffer);
    before.answer("egress", sdp("RTP/AVP", "203.0.113.9", "a=recvonly"));
    const journal = before.media.toJournal() ?? assert.fail();
    const { clock, relay, sdpRelay } = new Script();
    const options = { clock, relay, sdpRelay, key: "CA1", mediaInactivityMs: 60_000 };
    const adopted = NegotiatedMedia.adopt(options, structuredClone(journal));
    assert.equal(adopted?.isHeld, true);
    assert.equal(adopted?.audio("egress")?.codec, "PCMU");
    assert.equal(adopted?.toJournal()?.egress.codec, "PCMU");
    // As the version before wrote it.
    const { codec: _ingress, ...ingress } = journal.ingress;
    const { codec: _egress, ...egress } = journal.egress;
    const old = { ...journal, ingress, egress, codec: "GSM" };
    const fromOld = NegotiatedMedia.adopt(options, structuredClone(old));
    assert.equal(fromOld?.audio("egress")?.codec, "GSM");
    assert.equal(fromOld?.audio("ingress")?.codec, "GSM");
  });

  test("goes on after a restart, and asks at once whether the session is still there", () => {
    const before = new Script();
    before.up();
    const journal = before.media.toJournal() ?? assert.fail();
    const text = JSON.stringify(journal);
    assert.doesNotMatch(text, /crypto|inline/);
    const { clock, relay, sdpRelay } = new Script();
    const adopted = NegotiatedMedia.adopt(
      { clock, relay, sdpRelay, key: "CA1", mediaInactivityMs: 60_000 },
      JSON.parse(text) as typeof journal,
    );
    assert.ok(adopted !== undefined);
    assert.equal(adopted.engine.why, "SRTP of the caller");
    clock.advance(0);
    assert.deepEqual(sdpRelay.asked, ["1 query"]);
    // Its customer is still offered SRTP, with a higher version.
    const told: string[] = [];
    adopted.offer("egress", plainAnswer, (anchored) => told.push(textOf(anchored)));
    clock.advance(0);
    assert.match(told[0] ?? "", /^o=- \d+ 2 [^]*RTP\/SAVP/m);
    const elsewhere = { ...journal, session: { ...journal.session, relay: "elsewhere" } };
    assert.equal(
      NegotiatedMedia.adopt({ clock, relay, sdpRelay, key: "CA1", mediaInactivityMs: 1000 }, elsewhere),
      undefined,
    );
  });
});
