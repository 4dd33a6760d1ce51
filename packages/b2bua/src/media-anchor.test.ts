import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import { type Anchored, MediaAnchor, otherSide } from "./media-anchor.ts";
import { anchorOptions, anchorPolicy, anchorScript, established, textOf } from "./testing/anchor-script.ts";
import { audio, mediaAddress, ourSdp, sdp, withoutSessionId } from "./testing/call-script.ts";

const fax = "m=image 4000 udptl t38";

function refusal(anchored: Anchored) {
  assert.ok(!anchored.ok);
  return anchored.reason;
}

test("the other side of a side", () => {
  assert.equal(otherSide("ingress"), "egress");
  assert.equal(otherSide("egress"), "ingress");
});

test("offer and answer: each side is shown our address and its own ports, and both endpoints are joined", () => {
  const { relay, anchor } = anchorScript();
  assert.equal(
    textOf(anchor.offer("ingress", sdp("192.0.2.1", [audio, "a=ptime:20"]))),
    ourSdp(1, ["m=audio 10002 RTP/AVP 0", "a=ptime:20"]),
  );
  const [ingress, egress] = relay.endpoints;
  assert.ok(ingress !== undefined && egress !== undefined);
  assert.deepEqual(ingress.remote, {
    address: "192.0.2.1",
    port: 4000,
    rtcpAddress: "192.0.2.1",
    rtcpPort: 4001,
  });
  assert.deepEqual(ingress.policy, anchorPolicy);
  assert.deepEqual(egress.policy, { ...anchorPolicy, signalingAddress: undefined });
  assert.deepEqual(
    relay.endpoints.map((endpoint) => endpoint.remote?.port),
    [4000, undefined],
  );
  assert.equal(anchor.isOffered, true);
  assert.equal(
    textOf(anchor.answer("egress", sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"]), true)),
    ourSdp(1, ["m=audio 10000 RTP/AVP 0"]),
  );
  assert.equal(relay.endpoints[1]?.remote?.port, 6000);
  assert.equal(anchor.isHeld, false);
  assert.equal(ingress.partner, egress);
  assert.equal(anchor.isOffered, false);
  anchor.close();
  anchor.close();
  assert.equal(relay.counts().open, 0);
});

test("an early answer leaves the offer open; the final one may differ", () => {
  const { relay, anchor } = anchorScript();
  textOf(anchor.offer("ingress", sdp("192.0.2.1", ["m=audio 4000 RTP/AVP 0 8"])));
  const early = textOf(anchor.answer("egress", sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"]), false));
  assert.equal(anchor.isOffered, true);
  assert.equal(relay.endpoints[0]?.partner, relay.endpoints[1]);
  assert.equal(textOf(anchor.answer("egress", sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"]), false)), early);
  const final = textOf(anchor.answer("egress", sdp("192.0.2.7", ["m=audio 6002 RTP/AVP 8"]), true));
  assert.equal(final, ourSdp(2, ["m=audio 10000 RTP/AVP 8"]));
  assert.equal(relay.endpoints[1]?.remote?.port, 6002);
  anchor.close();
  assert.equal(relay.counts().open, 0);
});

test("an early answer with a rejected media description closes nothing yet", () => {
  const { relay, anchor } = anchorScript();
  anchor.offer("ingress", sdp("192.0.2.1", [audio]));
  anchor.answer("egress", sdp("192.0.2.7", ["m=audio 0 RTP/AVP 0"]), false);
  assert.equal(relay.counts().open, 2);
  anchor.close();
});

test("several media descriptions have an endpoint each on both legs; a rejected one loses them", () => {
  const { relay, anchor } = anchorScript();
  const offer = [audio, "m=video 4010 RTP/AVP 96", fax, "m=audio 0 RTP/AVP 0"];
  assert.equal(
    textOf(anchor.offer("ingress", sdp("192.0.2.1", offer))),
    ourSdp(1, [
      "m=audio 10002 RTP/AVP 0",
      "m=video 10006 RTP/AVP 96",
      "m=image 10010 udptl t38",
      "m=audio 0 RTP/AVP 0",
    ]),
  );
  assert.equal(relay.counts().open, 6);
  assert.deepEqual(
    relay.endpoints.map((endpoint) => endpoint.kind),
    ["rtp", "rtp", "rtp", "rtp", "udptl", "udptl"],
  );
  const answer = [
    "m=audio 6000 RTP/AVP 0",
    "m=video 0 RTP/AVP 96",
    "m=image 6004 udptl t38",
    "m=audio 0 RTP/AVP 0",
  ];
  assert.equal(
    textOf(anchor.answer("egress", sdp("192.0.2.7", answer), true)),
    ourSdp(1, [
      "m=audio 10000 RTP/AVP 0",
      "m=video 0 RTP/AVP 96",
      "m=image 10008 udptl t38",
      "m=audio 0 RTP/AVP 0",
    ]),
  );
  assert.deepEqual(
    relay.endpoints.map((endpoint) => endpoint.isOpen),
    [true, true, false, false, true, true],
  );
  assert.equal(relay.endpoints[4]?.partner, relay.endpoints[5]);
  anchor.close();
  assert.equal(relay.counts().open, 0);
});

test("an answer that accepts what the offer had rejected is shown rejected", () => {
  const { relay, anchor } = anchorScript();
  anchor.offer("ingress", sdp("192.0.2.1", [audio, "m=audio 0 RTP/AVP 8"]));
  const answer = sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0", "m=audio 6002 RTP/AVP 8"]);
  assert.equal(
    textOf(anchor.answer("egress", answer, true)),
    ourSdp(1, ["m=audio 10000 RTP/AVP 0", "m=audio 0 RTP/AVP 8"]),
  );
  assert.equal(relay.counts().open, 2);
  anchor.close();
});

test("late offer: the callee's offer comes first and is applied at once", () => {
  const { relay, anchor } = anchorScript();
  const shown = textOf(anchor.offer("egress", sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"])));
  assert.equal(shown, ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  assert.equal(relay.endpoints[1]?.remote?.port, 6000);
  assert.equal(
    textOf(anchor.answer("ingress", sdp("192.0.2.1", [audio]), true)),
    ourSdp(1, ["m=audio 10002 RTP/AVP 0"]),
  );
  assert.equal(relay.endpoints[0]?.remote?.port, 4000);
  anchor.close();
});

test("the next attempt gets new egress endpoints and the same offer; those towards the caller stay", () => {
  const { relay, anchor } = anchorScript();
  assert.equal(anchor.offerAgain(), undefined);
  assert.equal(anchor.isHeld, false);
  anchor.offer("ingress", sdp("192.0.2.1", [audio]));
  assert.equal(anchor.useEgress(anchorOptions), undefined);
  assert.deepEqual(
    relay.endpoints.map((endpoint) => endpoint.isOpen),
    [true, false, true],
  );
  assert.equal(withoutSessionId(anchor.offerAgain() ?? ""), ourSdp(1, ["m=audio 10004 RTP/AVP 0"]));
  relay.capacity = 1;
  assert.equal(anchor.useEgress(anchorOptions), reasons.noMediaPorts);
  anchor.close();
  assert.equal(relay.counts().open, 0);
});

test("the version grows with each change and only then; the session ID stays", () => {
  const { anchor } = established();
  const show = (media: readonly string[]) => {
    const offer = anchor.offer("ingress", sdp("192.0.2.1", media));
    anchor.answer("egress", sdp("192.0.2.7", media), true);
    return offer.ok ? offer.text : "";
  };
  const texts = [
    show([audio]),
    show([audio]),
    show([audio, "a=sendonly"]),
    show([audio, "a=sendonly"]),
    show([audio]),
  ];
  assert.deepEqual(
    texts.map((text) => withoutSessionId(text).split(" ")[2]),
    ["1", "1", "2", "2", "3"],
  );
  assert.equal(new Set(texts.map((text) => text.split(" ")[1])).size, 1);
  anchor.close();
});

test("a re-INVITE changes nothing before its answer, and nothing at all when it is refused", () => {
  const { relay, anchor } = established();
  const [ingress] = relay.endpoints;
  const before = JSON.stringify(anchor.toJournal()?.ingress.endpoints);
  const moved = [audio.replace("4000", "4444"), "a=sendonly", "m=video 4010 RTP/AVP 96"];
  textOf(anchor.offer("ingress", sdp("192.0.2.1", moved)));
  assert.equal(ingress?.remote?.port, 4000);
  assert.equal(ingress?.isHeld, false);
  assert.equal(relay.counts().open, 4);
  anchor.rollback();
  assert.equal(anchor.isOffered, false);
  assert.equal(relay.counts().open, 2);
  assert.equal(ingress?.remote?.port, 4000);
  assert.equal(JSON.stringify(anchor.toJournal()?.ingress.endpoints.slice(0, 1)), before);
  assert.equal(refusal(anchor.answer("egress", sdp("192.0.2.7", moved), true)), reasons.badSdp);
  anchor.close();
  assert.equal(relay.counts().open, 0);
});

test("a re-INVITE for which there are no ports opens none", () => {
  const { relay, anchor } = established();
  relay.capacity = 3;
  const more = sdp("192.0.2.1", [audio, "m=video 4010 RTP/AVP 96"]);
  assert.equal(refusal(anchor.offer("ingress", more)), reasons.noMediaPorts);
  assert.equal(relay.counts().open, 2);
  assert.equal(anchor.isOffered, false);
  anchor.close();
});

test("endpoints that an answered re-INVITE added survive the rollback of the next", () => {
  const { relay, anchor } = established();
  const more = [audio, "m=video 4010 RTP/AVP 96"];
  anchor.offer("ingress", sdp("192.0.2.1", more));
  anchor.answer("egress", sdp("192.0.2.7", more), true);
  anchor.offer("egress", sdp("192.0.2.7", more));
  anchor.rollback();
  assert.equal(relay.counts().open, 4);
  anchor.close();
});

test("T.38: the same endpoints change their kind with the answer, and back", () => {
  const { relay, anchor } = established();
  const [ingress, egress] = relay.endpoints;
  anchor.offer("egress", sdp("192.0.2.7", [fax]));
  assert.deepEqual([ingress?.kind, egress?.kind], ["rtp", "rtp"]);
  anchor.answer("ingress", sdp("192.0.2.1", [fax]), true);
  assert.deepEqual([ingress?.kind, egress?.kind], ["udptl", "udptl"]);
  anchor.offer("ingress", sdp("192.0.2.1", [audio]));
  anchor.answer("egress", sdp("192.0.2.7", [audio]), true);
  assert.deepEqual([ingress?.kind, egress?.kind], ["rtp", "rtp"]);
  assert.equal(relay.counts().open, 2);
  anchor.close();
});

test("hold of either side is known until it ends; a rejected media description holds nothing", () => {
  for (const [offer, answer, isHeld] of [
    [["a=sendonly"], ["a=recvonly"], true],
    [["a=inactive"], ["a=inactive"], true],
    [[], ["a=sendonly"], true],
    [["a=sendonly"], [], true],
    [["a=sendrecv"], [], false],
    [["m=video 0 RTP/AVP 96", "a=inactive"], ["m=video 0 RTP/AVP 96", "a=inactive"], false],
  ] as const) {
    const { relay, anchor } = established();
    assert.equal(anchor.isHeld, false);
    anchor.offer("ingress", sdp("192.0.2.1", [audio, ...offer]));
    assert.equal(anchor.isHeld, false);
    anchor.answer("egress", sdp("192.0.2.7", [audio, ...answer]), true);
    assert.equal(anchor.isHeld, isHeld, offer.join());
    assert.equal(relay.endpoints[0]?.isHeld, offer[0] === "a=sendonly" || offer[0] === "a=inactive");
    anchor.offer("ingress", sdp("192.0.2.1", [audio]));
    anchor.answer("egress", sdp("192.0.2.7", [audio]), true);
    assert.equal(anchor.isHeld, false);
    anchor.close();
  }
});

test("what can't be used says why", () => {
  const { relay, anchor } = anchorScript();
  assert.equal(refusal(anchor.answer("egress", sdp("192.0.2.7"), true)), reasons.badSdp);
  assert.equal(refusal(anchor.offer("ingress", "v=1")), reasons.badSdp);
  for (const protocol of ["RTP/SAVP", "rtp/savpf", "UDP/TLS/RTP/SAVPF"]) {
    const offer = sdp("192.0.2.1", [`m=audio 4000 ${protocol} 0`]);
    assert.equal(refusal(anchor.offer("ingress", offer)), reasons.secureMediaRefused, protocol);
  }
  assert.equal(relay.counts().open, 0);
  textOf(anchor.offer("ingress", sdp("192.0.2.1", [audio, "m=audio 0 RTP/SAVP 0"])));
  assert.equal(refusal(anchor.answer("ingress", sdp("192.0.2.1"), true)), reasons.badSdp);
  assert.equal(refusal(anchor.answer("egress", sdp("192.0.2.7", [audio]), true)), reasons.badSdp);
  assert.equal(refusal(anchor.answer("egress", "", true)), reasons.badSdp);
  const secure = sdp("192.0.2.7", ["m=audio 6000 RTP/SAVP 0", "m=audio 0 RTP/SAVP 0"]);
  assert.equal(refusal(anchor.answer("egress", secure, true)), reasons.badSdp);
  assert.equal(anchor.isOffered, true);
  anchor.close();
});

test("the last packet of either side counts as life", () => {
  const { clock, relay, anchor } = established();
  assert.equal(anchor.lastReceivedMs, 0);
  clock.advance(1000);
  relay.endpoints[1]?.receive();
  clock.advance(1000);
  assert.equal(anchor.lastReceivedMs, 1000);
  relay.endpoints[0]?.receive();
  assert.equal(anchor.lastReceivedMs, 2000);
  anchor.close();
  assert.equal(anchor.lastReceivedMs, undefined);
});

test("what was received stays known after the endpoints are closed", () => {
  const { relay, anchor } = established(
    [audio, "m=video 4010 RTP/AVP 96"],
    [audio, "m=video 4010 RTP/AVP 96"],
  );
  relay.endpoints[0]?.receive(2);
  relay.endpoints[2]?.receive(3);
  relay.endpoints[1]?.receive(1);
  assert.equal(anchor.received("ingress").packets, 5);
  anchor.offer("ingress", sdp("192.0.2.1", [audio, "m=video 0 RTP/AVP 96"]));
  anchor.answer("egress", sdp("192.0.2.7", [audio, "m=video 0 RTP/AVP 96"]), true);
  assert.equal(anchor.received("ingress").packets, 5);
  anchor.close();
  assert.deepEqual(anchor.received("ingress"), {
    packets: 5,
    bytes: 860,
    lost: 0,
    jitterMs: 0,
    events: 0,
    foreignPackets: 0,
  });
  assert.equal(anchor.received("egress").packets, 1);
});

test("a journalled anchor is taken up at the same ports, with versions that go on", () => {
  const { relay, anchor } = established([audio, "m=audio 0 RTP/AVP 0"], [audio, "m=audio 0 RTP/AVP 0"]);
  const journal = anchor.toJournal();
  assert.ok(journal !== undefined);
  anchor.close();
  const adopted = MediaAnchor.adopt(relay, structuredClone(journal));
  assert.ok(adopted !== undefined);
  const [ingress, egress] = relay.endpoints.slice(2);
  assert.deepEqual([ingress?.localPort, egress?.localPort], [10_000, 10_002]);
  assert.equal(ingress?.partner, egress);
  const moved = sdp("192.0.2.1", ["m=audio 4444 RTP/AVP 0", "m=audio 0 RTP/AVP 0"]);
  const offer = adopted.offer("ingress", moved);
  assert.equal(textOf(offer), ourSdp(2, ["m=audio 10002 RTP/AVP 0", "m=audio 0 RTP/AVP 0"]));
  assert.ok(offer.ok && offer.text.includes(`o=- ${journal.egress.sessionId} 2 `));
  assert.equal(ingress?.remote?.port, 4000);
  adopted.close();
  assert.equal(relay.counts().open, 0);
});

test("an anchor whose ports are gone is not adopted, and keeps none", () => {
  for (const taken of [10_000, 10_002]) {
    const { relay, anchor } = established();
    const journal = anchor.toJournal();
    assert.ok(journal !== undefined);
    anchor.close();
    const entry = taken === 10_000 ? journal.ingress.endpoints[0] : journal.egress.endpoints[0];
    assert.ok(entry);
    relay.adopt(entry);
    assert.equal(MediaAnchor.adopt(relay, journal), undefined);
    assert.equal(relay.counts().open, 1);
  }
});

test("media that would come back to ourselves is refused, in offer and answer", () => {
  const { relay, anchor } = anchorScript();
  anchor.offer("ingress", sdp("192.0.2.1", [audio]));
  const { localPort } = relay.endpoints[0] ?? assert.fail("no endpoint");
  const toOurselves = sdp(mediaAddress, [`m=audio ${localPort} RTP/AVP 0`]);
  assert.equal(refusal(anchor.answer("egress", toOurselves, true)), reasons.mediaNotAcceptable);
  assert.equal(anchor.isOffered, true);
  textOf(anchor.answer("egress", sdp("192.0.2.7", [audio]), true));
  const more = sdp(mediaAddress, [`m=audio ${localPort} RTP/AVP 0`, "m=video 4010 RTP/AVP 96"]);
  assert.equal(refusal(anchor.offer("ingress", more)), reasons.mediaNotAcceptable);
  assert.equal(anchor.isOffered, false);
  assert.equal(relay.counts().open, 2);
  anchor.close();
});

test("before an attempt there is nothing to journal", () => {
  assert.equal(new MediaAnchor(new RelayDouble(), anchorOptions).toJournal(), undefined);
});
