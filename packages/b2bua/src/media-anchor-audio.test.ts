import assert from "node:assert/strict";
import { test } from "node:test";
import { MediaAnchor } from "./media-anchor.ts";
import { anchorScript, established, textOf } from "./testing/anchor-script.ts";
import { audio, sdp } from "./testing/call-script.ts";

const fax = "m=image 4000 udptl t38";

const opus = ["m=audio 4000 RTP/AVP 96 0", "a=rtpmap:96 opus/48000/2"];

test("the audio of a call is what both sides want, in the codec of the answer, at its clock rate", () => {
  const { relay, anchor } = established(["m=audio 0 RTP/AVP 0", ...opus], ["m=audio 0 RTP/AVP 0", ...opus]);
  const [ingress, egress] = relay.endpoints;
  assert.deepEqual([ingress?.clockRate, egress?.clockRate], [48_000, 48_000]);
  assert.equal(anchor.audio("ingress")?.codec, "opus");
  assert.ok(ingress);
  const droppedByReason = { ...ingress.received.droppedByReason, "source-port": 4, "not-rtp": 9 };
  ingress.received = { ...ingress.received, packets: 50, lost: 2, jitterMs: 3, droppedByReason };
  ingress.reported = { roundTripMs: 40, lost: 1, lostRatio: 0.5, jitterMs: 1 };
  const counts = { packets: 50, lost: 2, jitterMs: 3, foreignPackets: 4 };
  const reading = { ...counts, codec: "opus", reported: ingress.reported };
  assert.deepEqual(anchor.audio("ingress"), reading);
  assert.equal(anchor.audio("egress")?.packets, 0);
  anchor.close();
  assert.deepEqual(anchor.audio("ingress"), reading);
});

test("there is no audio before the answer, nor in a call that is a fax, and back again", () => {
  const { relay, anchor } = anchorScript();
  assert.equal(anchor.audio("ingress"), undefined);
  textOf(anchor.offer("ingress", sdp("192.0.2.1", [audio])));
  textOf(anchor.answer("egress", sdp("192.0.2.7", [audio]), false));
  assert.equal(anchor.audio("egress"), undefined);
  textOf(anchor.answer("egress", sdp("192.0.2.7", [audio]), true));
  relay.endpoints[1]?.receive(7);
  assert.equal(anchor.audio("egress")?.packets, 7);
  anchor.offer("egress", sdp("192.0.2.7", [fax]));
  textOf(anchor.answer("ingress", sdp("192.0.2.1", [fax]), true));
  assert.equal(anchor.audio("egress"), undefined);
  anchor.offer("egress", sdp("192.0.2.7", ["m=audio 4000 RTP/AVP 8"]));
  textOf(anchor.answer("ingress", sdp("192.0.2.1", ["m=audio 4000 RTP/AVP 8"]), true));
  assert.deepEqual([anchor.audio("egress")?.packets, anchor.audio("egress")?.codec], [7, "PCMA"]);
});

test("an audio stream that one side does not want is not the audio of the call", () => {
  const { anchor } = established([audio, audio], ["m=audio 0 RTP/AVP 0", "m=audio 6000 RTP/AVP 8"]);
  assert.equal(anchor.audio("ingress")?.codec, "PCMA");
});

test("the codec and a hold are known after a restart, and a codec of another clock rate is measured right", () => {
  const { relay, anchor } = established(opus, [...opus, "a=sendonly"]);
  const journal = anchor.toJournal();
  assert.ok(journal !== undefined);
  anchor.close();
  const adopted = MediaAnchor.adopt(relay, structuredClone(journal));
  assert.equal(adopted?.isHeld, true);
  assert.equal(adopted?.audio("egress")?.codec, "opus");
  adopted?.offer("ingress", sdp("192.0.2.1", [audio]));
  adopted?.answer("egress", sdp("192.0.2.7", [audio]), true);
  assert.equal(relay.endpoints[2]?.clockRate, 8000);
  assert.equal(adopted?.isHeld, false);
});

test("a leg that goes on in another call counts its audio from then on, the old call keeps what it had", () => {
  const { relay, anchor } = established();
  const endpoint = relay.endpoints[0];
  assert.ok(endpoint);
  const foreign = (count: number) => ({ ...endpoint.received.droppedByReason, "source-address": count });
  endpoint.received = { ...endpoint.received, packets: 50, lost: 2, droppedByReason: foreign(20) };
  const leg = { anchor, side: "ingress" } as const;
  const next = MediaAnchor.forTransfer(relay, leg);
  next.takeOver(leg);
  endpoint.received = { ...endpoint.received, packets: 60, lost: 3, droppedByReason: foreign(25) };
  const counted = [anchor, next].map((one) => {
    const { packets, lost, foreignPackets } = one.audio("ingress") ?? assert.fail();
    return [packets, lost, foreignPackets];
  });
  assert.deepEqual(counted, [
    [50, 2, 20],
    [10, 1, 5],
  ]);
});
