import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reasons } from "@tandem/reasons";
import { maximumWaitingExchanges } from "./serial-session.ts";
import {
  customer,
  key,
  MediaScript,
  plainAnswer,
  plainLeg,
  reasonOf,
  sdp,
  secureOffer,
  strongKey,
  textOf,
} from "./testing/media-script.ts";

describe("NegotiatedMedia", () => {
  test("each side sees the relay's description with an o= line of ours", () => {
    const run = new MediaScript();
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
    const run = new MediaScript();
    run.up();
    assert.match(textOf(run.offer("ingress", secureOffer)), /^o=- \d+ 1 /m);
    textOf(run.answer("egress", plainAnswer));
    assert.match(textOf(run.offer("ingress", `${secureOffer}a=sendonly\r\n`)), /^o=- \d+ 2 /m);
  });

  test("only keys that are taken reach the relay", () => {
    const run = new MediaScript();
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
      const run = new MediaScript();
      assert.equal(reasonOf(run.offer("ingress", offer)), reason);
      assert.deepEqual(run.sdpRelay.asked, []);
      assert.equal(run.media.isOffered, false);
    });
  }

  test("a plain leg takes no SRTP", () => {
    const run = new MediaScript(plainLeg, { ...customer, srtp: "sdes" });
    assert.equal(reasonOf(run.offer("ingress", secureOffer)), "secure-media-refused");
  });

  test("an answer has to protect the media as they were offered", () => {
    for (const [answer, reason] of [
      [sdp("RTP/AVP", "192.0.2.7"), "secure-media-required"],
      [sdp("RTP/SAVP", "192.0.2.7", strongKey), "no-usable-key"],
      [sdp("UDP/TLS/RTP/SAVPF", "192.0.2.7", "a=fingerprint:sha-256 AA"), "no-usable-key"],
      [`${secureOffer}m=audio 0 RTP/SAVP 0\r\n`, "bad-sdp"],
    ] as const) {
      const run = new MediaScript(plainLeg, { ...customer, srtp: "sdes" });
      assert.match(textOf(run.offer("ingress", sdp("RTP/AVP", "203.0.113.9"))), /RTP\/SAVP 0\r\n[^]*crypto/);
      assert.equal(reasonOf(run.answer("egress", answer)), reason);
    }
  });

  test("what the relay makes of it must be as protected as the side is, or it is not shown", () => {
    const run = new MediaScript(plainLeg, { ...customer, srtp: "sdes" });
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
      const run = new MediaScript();
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
    const run = new MediaScript(plainLeg, { ...customer, srtp: "sdes" });
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
    const others = { jitterMs: 2, events: null, foreignPackets: null };
    assert.deepEqual(run.media.received("ingress"), { packets: 110, bytes: 18_920, lost: 2, ...others });
    assert.deepEqual(run.media.received("egress"), { packets: 200, bytes: 34_400, lost: 1, ...others });
    assert.equal(run.sdpRelay.openSessions, 0);
    assert.equal(run.clock.pendingTimers, 0);
  });

  test("without an offer there is none to repeat", () => {
    assert.equal(
      new MediaScript().media.offerAgain(() => assert.fail()),
      false,
    );
  });

  test("offers and answers are asked one at a time, in order", () => {
    const run = new MediaScript();
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
    const run = new MediaScript();
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
    const run = new MediaScript();
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
    const run = new MediaScript();
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
    const run = new MediaScript();
    const dtls = sdp("UDP/TLS/RTP/SAVPF", "192.0.2.7", "a=fingerprint:sha-256 AA:BB", "a=ice-ufrag:abcd");
    run.offer("ingress", dtls);
    run.answer("egress", plainAnswer);
    run.offer("egress", plainAnswer);
    const { to } = run.sdpRelay.sessions[0]?.offers[1] ?? assert.fail();
    assert.deepEqual([to.protection, to.ice], ["dtls", "full"]);
  });

  test("hold of either side is hold", () => {
    const run = new MediaScript();
    run.offer("ingress", `${secureOffer}a=sendonly\r\n`);
    run.answer("egress", `${plainAnswer}a=recvonly\r\n`);
    assert.equal(run.media.isHeld, true);
  });
});
