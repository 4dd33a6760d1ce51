import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseSdp } from "./parse-sdp.ts";
import { sdpLimits } from "./sdp-limits.ts";
import type { MediaDescription, SessionDescription } from "./session-description.ts";

const head = ["v=0", "o=alice 2890844526 2890844527 IN IP4 192.0.2.9", "s=-", "t=0 0"];

function parsed(lines: readonly string[], lineBreak = "\r\n"): SessionDescription {
  const result = parseSdp(lines.map((line) => line + lineBreak).join(""));
  assert.ok(result.ok, result.ok ? "" : result.error.text);
  return result.value;
}

function audio(...lines: string[]): MediaDescription {
  const media = parsed([...head, "c=IN IP4 192.0.2.1", "m=audio 49170 RTP/AVP 0 8 101", ...lines]).media[0];
  assert.ok(media);
  return media;
}

function errorOf(lines: readonly string[]): string {
  const result = parseSdp(lines.map((line) => `${line}\r\n`).join(""));
  return result.ok ? "ok" : `${result.error.code} ${result.error.line}`;
}

describe("parseSdp", () => {
  test("reads an ordinary offer", () => {
    const description = parsed([
      ...head,
      "c=IN IP4 192.0.2.1",
      "m=audio 49170 RTP/AVP 0 8 101",
      "a=rtpmap:0 PCMU/8000",
      "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:101 0-16",
      "a=ptime:20",
    ]);
    assert.deepEqual(description.origin, {
      username: "alice",
      sessionId: "2890844526",
      sessionVersion: "2890844527",
      addressType: "IP4",
      address: "192.0.2.9",
    });
    assert.deepEqual(description.connection, {
      addressType: "IP4",
      address: "192.0.2.1",
      isUnspecified: false,
    });
    assert.equal(description.media.length, 1);
    const media = description.media[0];
    assert.ok(media);
    assert.equal(media.media, "audio");
    assert.equal(media.port, 49170);
    assert.equal(media.portCount, 1);
    assert.equal(media.protocol, "RTP/AVP");
    assert.deepEqual(media.formats, ["0", "8", "101"]);
    assert.deepEqual(media.connection, description.connection);
    assert.equal(media.direction, "sendrecv");
    assert.equal(media.ptimeMs, 20);
    assert.deepEqual(
      [...media.rtpmaps],
      [
        ["0", "PCMU/8000"],
        ["101", "telephone-event/8000"],
      ],
    );
    assert.equal(media.flowKind, "rtp");
    assert.equal(media.rtcp, undefined);
    assert.equal(media.isRtcpMux || media.isSecure || media.isRejected || media.hasIce, false);
  });

  test("bare LF, a missing last line break, empty and unknown lines are fine and stay in the text", () => {
    const text = `${head.join("\n")}\nz=strange\n\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0`;
    const result = parseSdp(text);
    assert.ok(result.ok);
    assert.equal(result.value.media[0]?.port, 4000);
    assert.equal(result.value.text, text);
    assert.deepEqual(
      result.value.lines.map((line) => line.type),
      ["v", "o", "s", "t", "z", "", "c", "m"],
    );
    const { lines } = result.value;
    assert.equal(lines.map((line) => text.slice(line.start, line.next)).join(""), text);
    assert.equal(text.slice(lines[6]?.start, lines[6]?.end), "c=IN IP4 192.0.2.1");
  });

  test("s= and t= may be missing", () => {
    assert.equal(
      errorOf(["v=0", "o=- 1 1 IN IP4 192.0.2.1", "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0"]),
      "ok",
    );
  });

  test("an o= user name may hold spaces, its identifiers may be longer than a number", () => {
    const { origin } = parsed([
      "v=0",
      "o=a b c 123456789012345678901234567890 99999999999999999999 IN IP4 host",
    ]);
    assert.equal(origin.username, "a b c");
    assert.equal(origin.sessionId, "123456789012345678901234567890");
    assert.equal(origin.sessionVersion, "99999999999999999999");
    assert.equal(origin.address, "host");
  });

  test("c= below m= overrides the session's for that media description only", () => {
    const { connection, media } = parsed([
      ...head,
      "c=IN IP4 192.0.2.1",
      "m=audio 4000 RTP/AVP 0",
      "c=IN IP6 2001:DB8::2",
      "m=video 4002 RTP/AVP 31",
    ]);
    assert.equal(connection?.address, "192.0.2.1");
    assert.deepEqual(media[0]?.connection, {
      addressType: "IP6",
      address: "2001:DB8::2",
      isUnspecified: false,
    });
    assert.equal(media[1]?.connection?.address, "192.0.2.1");
  });

  test("every live media description needs c=, a rejected one does not", () => {
    assert.equal(errorOf([...head, "m=audio 4000 RTP/AVP 0"]), "no-connection 0");
    assert.equal(
      errorOf([...head, "m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.1", "m=video 4002 RTP/AVP 31"]),
      "no-connection 0",
    );
    assert.equal(
      errorOf([...head, "m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.1", "m=video 0 RTP/AVP 31"]),
      "ok",
    );
  });

  test("direction stands at session level or at media level, which wins", () => {
    const { media } = parsed([
      ...head,
      "c=IN IP4 192.0.2.1",
      "a=sendonly",
      "m=audio 4000 RTP/AVP 0",
      "m=audio 4002 RTP/AVP 0",
      "a=inactive ",
      "m=audio 4004 RTP/AVP 0",
      "a=recvonly",
      "m=audio 4006 RTP/AVP 0",
      "a=sendrecv",
      "m=audio 4008 RTP/AVP 0",
    ]);
    const directions = media.map((one) => one.direction);
    assert.deepEqual(directions, ["sendonly", "inactive", "recvonly", "sendrecv", "sendonly"]);
  });

  test("the unspecified address is known for what it is", () => {
    const at = (address: string): boolean | undefined =>
      parsed([...head, `c=IN ${address}`, "m=audio 4000 RTP/AVP 0"]).media[0]?.connection?.isUnspecified;
    assert.equal(at("IP4 0.0.0.0"), true);
    assert.equal(at("IP4 10.0.0.0"), false);
    assert.equal(at("IP6 ::"), true);
    assert.equal(at("IP6 ::1"), false);
  });

  test("protocol tells the kind of flow", () => {
    const kindOf = (protocol: string): string | undefined =>
      parsed([...head, "c=IN IP4 192.0.2.1", `m=image 4000 ${protocol} t38`]).media[0]?.flowKind;
    assert.equal(kindOf("udptl"), "udptl");
    assert.equal(kindOf("UDPTL"), "udptl");
    assert.equal(kindOf("RTP/AVP"), "rtp");
    assert.equal(kindOf("RTP/AVPF"), "rtp");
    assert.equal(kindOf("UDP/TLS/RTP/SAVPF"), "rtp");
    assert.equal(kindOf("udp"), "opaque");
    assert.equal(kindOf("TCP/TLS"), "opaque");
  });

  test("T.38 is a media description like any other", () => {
    const media = parsed([...head, "c=IN IP4 192.0.2.1", "m=image 4000 udptl t38", "a=T38FaxVersion:0"])
      .media[0];
    assert.equal(media?.media, "image");
    assert.deepEqual(media?.formats, ["t38"]);
    assert.equal(media?.isSecure, false);
  });

  test("SRTP is seen by profile, a=crypto and a=fingerprint at either level", () => {
    const isSecure = (session: string, protocol: string, attribute: string): boolean | undefined =>
      parsed([...head, "c=IN IP4 192.0.2.1", session, `m=audio 4000 ${protocol} 0`, attribute]).media[0]
        ?.isSecure;
    const none = "a=x";
    assert.equal(isSecure(none, "RTP/AVP", none), false);
    assert.equal(isSecure(none, "RTP/SAVP", none), true);
    assert.equal(isSecure(none, "UDP/TLS/RTP/SAVPF", none), true);
    assert.equal(isSecure(none, "RTP/AVP", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc"), true);
    assert.equal(isSecure(none, "RTP/AVP", "a=fingerprint:sha-256 00:11"), true);
    assert.equal(isSecure("a=fingerprint:sha-256 00:11", "RTP/AVP", none), true);
  });

  test("one media description's attributes do not reach the next", () => {
    const { media } = parsed([
      ...head,
      "c=IN IP4 192.0.2.1",
      "m=audio 4000 RTP/AVP 0",
      "a=crypto:1 x",
      "a=ice-ufrag:x",
      "a=rtcp-mux",
      "a=rtcp:4010",
      "a=ptime:30",
      "a=rtpmap:0 PCMU/8000",
      "m=audio 4002 RTP/AVP 0",
    ]);
    const [first, second] = media;
    assert.ok(first && second);
    assert.deepEqual([first.isSecure, first.hasIce, first.isRtcpMux, first.ptimeMs], [true, true, true, 30]);
    assert.deepEqual(
      [second.isSecure, second.hasIce, second.isRtcpMux, second.ptimeMs],
      [false, false, false, undefined],
    );
    assert.deepEqual([first.rtcp?.port, second.rtcp], [4010, undefined]);
    assert.deepEqual([first.rtpmaps.size, second.rtpmaps.size], [1, 0]);
  });

  test("ICE is seen at session and at media level", () => {
    for (const name of [
      "candidate:1 1 UDP 1 192.0.2.1 4000 typ host",
      "ice-ufrag:x",
      "ice-pwd:y",
      "ice-lite",
      "ice-options:trickle",
      "remote-candidates:1 192.0.2.1 4000",
      "end-of-candidates",
    ]) {
      assert.equal(audio(`a=${name}`).hasIce, true, name);
      assert.equal(
        parsed([...head, `a=${name}`, "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0"]).media[0]?.hasIce,
        true,
      );
    }
    assert.equal(audio("a=nice-try", "a=candidates").hasIce, false);
  });

  test("a=rtcp has a port and perhaps an address", () => {
    assert.deepEqual(audio("a=rtcp:53020").rtcp, { port: 53020, address: undefined });
    assert.deepEqual(audio("a=rtcp:53020 IN IP4 192.0.2.7").rtcp, { port: 53020, address: "192.0.2.7" });
    assert.deepEqual(audio("a=rtcp:53020 IN IP6 2001:db8::7").rtcp, { port: 53020, address: "2001:db8::7" });
    assert.deepEqual(audio("a=rtcp:53020 IN IP4 0.0.0.0").rtcp, { port: 0, address: "0.0.0.0" });
    assert.equal(audio("a=rtcp-fb:0 nack").rtcp, undefined);
  });

  test("a=rtcp-mux and a=rtcp-mux-only are told apart from the rest", () => {
    assert.equal(audio("a=rtcp-mux").isRtcpMux, true);
    assert.equal(audio("a=rtcp-mux-only").isRtcpMux, true);
    assert.equal(audio("a=rtcp-muxed").isRtcpMux, false);
  });

  test("ptime that is no positive number is ignored", () => {
    assert.equal(audio("a=ptime: 30 ").ptimeMs, 30);
    assert.equal(audio("a=ptime:0").ptimeMs, undefined);
    assert.equal(audio("a=ptime:x").ptimeMs, undefined);
    assert.equal(audio("a=maxptime:20").ptimeMs, undefined);
  });

  const connected = [...head, "c=IN IP4 192.0.2.1"];
  const faults: [lines: readonly string[], error: string][] = [
    [[], "no-version 0"],
    [["v=1", ...connected.slice(1)], "no-version 1"],
    [["o=- 1 1 IN IP4 192.0.2.1", "v=0"], "no-version 1"],
    [["v=0", "s=-"], "no-origin 0"],
    [["v=0", "o=1 1 IN IP4 192.0.2.1"], "malformed-origin 2"],
    [[...head, head[1] ?? ""], "malformed-origin 5"],
    [["v=0", "c=IN IP4 192.0.2.1", "m=audio 1 RTP/AVP 0", "o=- 1 1 IN IP4 192.0.2.1"], "malformed-origin 4"],
    [[...head, "nonsense"], "malformed-line 5"],
    [[...head, "a"], "malformed-line 5"],
    [[...head, " a=x"], "malformed-line 5"],
    [[...head, "a=x\ry"], "control-character 5"],
    [[...head, "a=x\0y"], "control-character 5"],
    [[...head, "c=IN IP4 192.0.2.1 "], "ok"],
    [[...head, "c=IN  IP4  192.0.2.1"], "ok"],
    [[...head, "c=IN IP4"], "malformed-connection 5"],
    [[...head, "c=IN IP4 192.0.2.1 x"], "malformed-connection 5"],
    [[...head, "c=IN IP4 sip.example.com"], "malformed-connection 5"],
    [[...head, "c=IN IP4 2001:db8::1"], "malformed-connection 5"],
    [[...head, "c=IN IP6 192.0.2.1"], "malformed-connection 5"],
    [[...head, "c=IN IP5 192.0.2.1"], "malformed-connection 5"],
    [[...head, "c=ATM IP4 192.0.2.1"], "malformed-connection 5"],
    [[...head, "c=IN IP4 192.0.2.256"], "malformed-connection 5"],
    [[...head, "c=IN IP4 224.2.1.1/127"], "multicast-connection 5"],
    [[...head, "c=IN IP4 192.0.2.1/127"], "multicast-connection 5"],
    [[...head, "c=IN IP4 223.255.255.255"], "ok"],
    [[...head, "c=IN IP4 224.0.0.0"], "multicast-connection 5"],
    [[...head, "c=IN IP4 255.255.255.255"], "multicast-connection 5"],
    [[...head, "c=IN IP6 ff02::1"], "multicast-connection 5"],
    [[...head, "c=IN IP6 FF02::1"], "multicast-connection 5"],
    [[...head, "c=IN IP6 ff::1"], "ok"],
    [[...connected, "m=audio 65535 RTP/AVP 0"], "ok"],
    [[...connected, "m=audio 65536 RTP/AVP 0"], "malformed-port 6"],
    [[...connected, "m=audio -1 RTP/AVP 0"], "malformed-port 6"],
    [[...connected, "m=audio x RTP/AVP 0"], "malformed-port 6"],
    [[...connected, "m=audio 4000/2 RTP/AVP 0"], "ok"],
    [[...connected, "m=audio 4000/0 RTP/AVP 0"], "malformed-port 6"],
    [[...connected, "m=audio 4000/ RTP/AVP 0"], "malformed-port 6"],
    [[...connected, "m=audio /2 RTP/AVP 0"], "malformed-port 6"],
    [[...connected, "m=audio  4000  RTP/AVP  0 "], "ok"],
    [[...connected, "m=audio"], "malformed-media 6"],
    [[...connected, "m= 4000 RTP/AVP 0"], "malformed-media 6"],
    [[...connected, "m=audio 4000"], "malformed-media 6"],
    [[...connected, "m=audio 4000 "], "malformed-media 6"],
    [[...connected, "m=audio 4000 RTP/AVP"], "malformed-media 6"],
    [[...connected, "m=audio 4000 RTP/AVP 0", "a=rtcp:65535"], "ok"],
    [[...connected, "m=audio 4000 RTP/AVP 0", "a=rtcp:65536"], "malformed-rtcp 7"],
    [[...connected, "m=audio 4000 RTP/AVP 0", "a=rtcp"], "malformed-rtcp 7"],
    [[...connected, "m=audio 4000 RTP/AVP 0", "a=rtcp:4001 IN IP4 here"], "malformed-rtcp 7"],
    [[...connected, "m=audio 4000 RTP/AVP 0", "a=rtcp:4001 IN IP4 224.0.0.1"], "malformed-rtcp 7"],
  ];
  for (const [lines, error] of faults) {
    test(`${JSON.stringify(lines.at(-1) ?? "")} → ${error}`, () => assert.equal(errorOf(lines), error));
  }

  test("the port count is kept apart from the port", () => {
    const media = parsed([...connected, "m=audio 4000/2 RTP/AVP 0"]).media[0];
    assert.deepEqual([media?.port, media?.portCount], [4000, 2]);
    assert.equal(parsed([...connected, "m=audio 0 RTP/AVP 0"]).media[0]?.isRejected, true);
    assert.equal(parsed([...connected, "m=audio 1 RTP/AVP 0"]).media[0]?.isRejected, false);
  });

  test("limits hold at n and not at n + 1", () => {
    const filler = (count: number): string[] => [
      ...connected,
      ...Array.from({ length: count - 5 }, () => "a=x"),
    ];
    assert.equal(sdpLimits.maximumLines, 512);
    assert.equal(errorOf(filler(512)), "ok");
    assert.equal(errorOf(filler(513)), "too-many-lines 513");
    const media = (count: number): string[] => [
      ...connected,
      ...Array.from({ length: count }, () => "m=audio 1 RTP/AVP 0"),
    ];
    assert.equal(sdpLimits.maximumMediaDescriptions, 16);
    assert.equal(errorOf(media(16)), "ok");
    assert.equal(errorOf(media(17)), "too-many-media-descriptions 22");
    const sized = (bytes: number): string => {
      const text = `${connected.join("\r\n")}\r\na=`;
      return `${text}${"x".repeat(bytes - text.length)}`;
    };
    assert.equal(sdpLimits.maximumBytes, 32_768);
    assert.equal(parseSdp(sized(32_768)).ok, true);
    const tooLong = parseSdp(sized(32_769));
    assert.equal(tooLong.ok ? "" : tooLong.error.code, "too-long");
  });

  test("no text throws, and lines always add up to the text", () => {
    const piece = fc.constantFrom(
      ...head,
      "c=IN IP4 192.0.2.1",
      "m=audio 1 RTP/AVP 0",
      "a=rtcp:",
      "m=",
      "c=",
      "\n",
      "\r",
      "=",
      "\0",
    );
    const texts = fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 });
    fc.assert(
      fc.property(texts, (pieces) => {
        const text = pieces.join("\n");
        const result = parseSdp(text);
        if (!result.ok) return;
        const { lines } = result.value;
        assert.equal(lines.map((line) => text.slice(line.start, line.next)).join(""), text);
      }),
      { numRuns: 500 },
    );
  });
});
