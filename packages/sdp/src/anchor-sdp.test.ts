import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AnchorOptions, anchorSdp, rejectAll } from "./anchor-sdp.ts";
import { parseSdp } from "./parse-sdp.ts";
import type { SessionDescription } from "./session-description.ts";

const ours: AnchorOptions = {
  address: "203.0.113.5",
  sessionId: "77",
  sessionVersion: 3,
  ports: [{ rtp: 10000, rtcp: 10001 }],
};

function parsed(text: string): SessionDescription {
  const result = parseSdp(text);
  assert.ok(result.ok, result.ok ? "" : result.error.text);
  return result.value;
}

function anchored(lines: readonly string[], options: Partial<AnchorOptions> = {}): string[] {
  const text = lines.map((line) => `${line}\r\n`).join("");
  const out = anchorSdp(parsed(text), { ...ours, ...options });
  assert.ok(out.endsWith("\r\n"));
  return out.slice(0, -2).split("\r\n");
}

const head = ["v=0", "o=alice 1 2 IN IP4 192.0.2.9", "s=My call", "c=IN IP4 192.0.2.1", "t=0 0"];
const ourHead = ["v=0", "o=- 77 3 IN IP4 203.0.113.5", "s=My call", "c=IN IP4 203.0.113.5", "t=0 0"];

describe("anchorSdp", () => {
  test("writes our o=, c=, port and a=rtcp; every other line stays as it was", () => {
    const kept = [
      "b=AS:64",
      "i=information",
      "a=rtpmap:0 PCMU/8000",
      "a=rtpmap:96 opus/48000/2",
      "a=fmtp:96 useinbandfec=1;x=192.0.2.1 ",
      "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:101 0-16",
      "a=ptime:20",
      "a=maxptime:20",
      "a=sendrecv",
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc",
      "a=rtcp-fb:* nack",
      "a=X-unknown",
      "y=unknown",
    ];
    assert.deepEqual(anchored([...head, "m=audio 49170 RTP/AVP 0 96 101", ...kept, "a=rtcp:49171"]), [
      ...ourHead,
      "m=audio 10000 RTP/AVP 0 96 101",
      ...kept,
      "a=rtcp:10001",
    ]);
  });

  test("line breaks stay: bare LF, empty lines, no break at the end", () => {
    const text = "v=0\no=a 1 1 IN IP4 192.0.2.1\n\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio  4000  RTP/AVP  0";
    assert.equal(
      anchorSdp(parsed(text), ours),
      "v=0\no=- 77 3 IN IP4 203.0.113.5\n\nc=IN IP4 203.0.113.5\nt=0 0\nm=audio  10000  RTP/AVP  0",
    );
  });

  test("c= is rewritten where it stands, at media level too", () => {
    const lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.1"];
    assert.equal(anchored(lines)[3], "c=IN IP4 203.0.113.5");
  });

  test("addresses of ours may be IPv6, and IPv6 ones of theirs are replaced", () => {
    const lines = [
      "v=0",
      "o=- 1 1 IN IP6 2001:db8::9",
      "c=IN IP6 2001:db8::9",
      "m=audio 4000 RTP/AVP 0",
      "a=rtcp:4001 IN IP6 2001:db8::9",
    ];
    assert.deepEqual(anchored(lines, { address: "2001:db8::5" }), [
      "v=0",
      "o=- 77 3 IN IP6 2001:db8::5",
      "c=IN IP6 2001:db8::5",
      "m=audio 10000 RTP/AVP 0",
      "a=rtcp:10001 IN IP6 2001:db8::5",
    ]);
    assert.equal(anchored(lines)[2], "c=IN IP4 203.0.113.5");
  });

  test("hold by the unspecified address reaches the other side (RFC 2543)", () => {
    const lines = [
      "v=0",
      "o=- 1 1 IN IP4 192.0.2.1",
      "c=IN IP4 0.0.0.0",
      "m=audio 4000 RTP/AVP 0",
      "a=sendonly",
    ];
    assert.deepEqual(anchored(lines), [
      "v=0",
      "o=- 77 3 IN IP4 203.0.113.5",
      "c=IN IP4 0.0.0.0",
      "m=audio 10000 RTP/AVP 0",
      "a=sendonly",
    ]);
  });

  test("each media description gets its own ports; one without ports of ours is rejected", () => {
    const lines = [
      ...head,
      "m=audio 4000 RTP/AVP 0",
      "a=rtcp:4001",
      "m=video 4002 RTP/AVP 31",
      "a=rtcp:4003",
      "m=audio 4004 RTP/AVP 8",
      "a=rtcp:4005 IN IP4 192.0.2.1",
      "m=audio 4006 RTP/AVP 8",
    ];
    const ports = [{ rtp: 10000, rtcp: 10001 }, undefined, { rtp: 10004, rtcp: 10005 }];
    assert.deepEqual(anchored(lines, { ports }).slice(5), [
      "m=audio 10000 RTP/AVP 0",
      "a=rtcp:10001",
      "m=video 0 RTP/AVP 31",
      "m=audio 10004 RTP/AVP 8",
      "a=rtcp:10005 IN IP4 203.0.113.5",
      "m=audio 0 RTP/AVP 8",
    ]);
  });

  test("a rejected media description stays rejected, even if ports are at hand", () => {
    const lines = [
      ...head,
      "m=audio 0 RTP/AVP 0",
      "a=rtcp:4001",
      "m=image 4000 udptl t38",
      "a=T38FaxVersion:0",
    ];
    const ports = [ours.ports[0], { rtp: 10002, rtcp: 10003 }];
    assert.deepEqual(anchored(lines, { ports }).slice(5), [
      "m=audio 0 RTP/AVP 0",
      "m=image 10002 udptl t38",
      "a=T38FaxVersion:0",
    ]);
  });

  test("the port count goes, as one pair is relayed", () => {
    assert.equal(anchored([...head, "m=audio 4000/2 RTP/AVP 0"])[5], "m=audio 10000 RTP/AVP 0");
  });

  test("a bundle is declined, another group is none of ours", () => {
    const media = ["m=audio 4000 RTP/AVP 0", "a=mid:0", "m=video 4002 RTP/AVP 96", "a=mid:1"];
    const groups = ["a=group:BUNDLE 0 1", "a=group:bundle", "a=group:LS 0 1", "a=group:BUNDLED 0"];
    const ports = [
      { rtp: 10000, rtcp: 10001 },
      { rtp: 10002, rtcp: 10003 },
    ];
    assert.deepEqual(anchored([...head, ...groups, ...media, "a=bundle-only"], { ports }), [
      ...ourHead,
      "a=group:LS 0 1",
      "a=group:BUNDLED 0",
      "m=audio 10000 RTP/AVP 0",
      "a=mid:0",
      "m=video 10002 RTP/AVP 96",
      "a=mid:1",
    ]);
  });

  test("ICE and rtcp-mux are declined at both levels", () => {
    const ice = [
      "a=ice-lite",
      "a=ice-options:trickle",
      "a=ice-ufrag:F7gI",
      "a=ice-pwd:x9cml/YzichV2+XlhiMu8g",
      "a=candidate:1 1 UDP 2130706431 192.0.2.1 49170 typ host",
      "a=remote-candidates:1 192.0.2.3 45664",
      "a=end-of-candidates",
      "a=rtcp-mux",
      "a=rtcp-mux-only",
    ];
    const lines = [...head, ...ice, "m=audio 49170 RTP/AVP 0", ...ice, "a=mid:1"];
    assert.deepEqual(anchored(lines), [...ourHead, "m=audio 10000 RTP/AVP 0", "a=mid:1"]);
  });

  test("a=rtcp is added only to RTP whose RTCP port is not the next one", () => {
    const lines = [...head, "m=audio 4000 RTP/AVP 0", "a=mid:1", "m=image 4002 udptl t38"];
    const ports = [
      { rtp: 10000, rtcp: 10003 },
      { rtp: 10004, rtcp: 10007 },
    ];
    assert.deepEqual(anchored(lines, { ports }).slice(5), [
      "m=audio 10000 RTP/AVP 0",
      "a=mid:1",
      "a=rtcp:10003",
      "m=image 10004 udptl t38",
    ]);
    const unended = parsed("v=0\no=a 1 1 IN IP4 192.0.2.1\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0");
    assert.ok(anchorSdp(unended, { ...ours, ports }).endsWith("m=audio 10000 RTP/AVP 0\r\na=rtcp:10003\r\n"));
  });

  test("a=rtcp at session level means nothing and does not leak", () => {
    assert.deepEqual(anchored([...head, "a=rtcp:4001 IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0"]), [
      ...ourHead,
      "m=audio 10000 RTP/AVP 0",
    ]);
  });

  test("what is written parses again, with our values", () => {
    const [first] = parsed(anchored([...head, "m=audio 4000 RTP/AVP 0"]).join("\r\n")).media;
    assert.deepEqual([first?.port, first?.connection?.address], [10000, "203.0.113.5"]);
  });
});

describe("rejectAll", () => {
  test("answers every media description with port 0", () => {
    const text = [...head, "m=audio 4000 RTP/AVP 0", "m=image 4002 udptl t38", ""].join("\r\n");
    const answer = rejectAll(parsed(text), { address: "203.0.113.5", sessionId: "77", sessionVersion: 3 });
    assert.equal(answer, [...ourHead, "m=audio 0 RTP/AVP 0", "m=image 0 udptl t38", ""].join("\r\n"));
  });
});
