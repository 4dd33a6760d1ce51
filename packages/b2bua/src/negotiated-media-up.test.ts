import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reasons } from "@tandem/reasons";
import type { Side } from "./media-anchor.ts";
import { longestQueryIntervalMs, NegotiatedMedia } from "./negotiated-media.ts";
import {
  carrier,
  customer,
  key,
  MediaScript,
  plainAnswer,
  sdp,
  secureOffer,
  textOf,
} from "./testing/media-script.ts";

describe("NegotiatedMedia that is up", () => {
  test("asks for the counts; packets of either side are a sign of life", () => {
    const run = new MediaScript();
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
    const { clock, relay, sdpRelay } = new MediaScript();
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
    const run = new MediaScript();
    run.up();
    run.sdpRelay.state = "gone";
    run.clock.advance(longestQueryIntervalMs);
    assert.deepEqual(run.lost, [reasons.mediaSessionLost]);
    run.clock.advance(10 * longestQueryIntervalMs);
    assert.equal(run.lost.length, 1);
  });

  test("a session that is lost before the call is answered is told when it is", () => {
    const run = new MediaScript();
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
    const run = new MediaScript();
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
    const run = new MediaScript();
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
    const run = new MediaScript();
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
    const { clock, relay, sdpRelay } = new MediaScript();
    const options = { clock, relay, sdpRelay, key: "CA2", mediaInactivityMs: 60_000, why: "a test" };
    const media = new NegotiatedMedia(options, customer);
    const sides: readonly Side[] = ["ingress", "egress"];
    assert.deepEqual(
      sides.map((side) => media.received(side).events),
      [null, null],
    );
  });

  test("tells of the audio as the relay counted it, with the codec of the answer", () => {
    const run = new MediaScript();
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
      foreignPackets: 0,
      reported,
    });
    assert.deepEqual(run.media.audio("egress"), {
      packets: 20,
      lost: 1,
      jitterMs: 2,
      codec: "PCMU",
      foreignPackets: 0,
      reported,
    });
  });

  test("a call that was on hold is so after a restart, with its codec", () => {
    const before = new MediaScript();
    before.offer("ingress", secureOffer);
    before.answer("egress", sdp("RTP/AVP", "203.0.113.9", "a=recvonly"));
    const journal = before.media.toJournal() ?? assert.fail();
    const { clock, relay, sdpRelay } = new MediaScript();
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
    const before = new MediaScript();
    before.up();
    const journal = before.media.toJournal() ?? assert.fail();
    const text = JSON.stringify(journal);
    assert.doesNotMatch(text, /crypto|inline/);
    const { clock, relay, sdpRelay } = new MediaScript();
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
