import assert from "node:assert/strict";
import { test } from "node:test";
import { isNone, legPackets } from "./call-packets.ts";
import type { LinkDatagram } from "./capture.ts";

const sdp = "v=0\r\nc=IN IP4 203.0.113.10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";

function datagram(
  link: string,
  direction: LinkDatagram["direction"],
  source: string,
  destination: string,
  payload: string | Buffer,
): LinkDatagram {
  const bytes = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
  return { atMs: 0, link, direction, sourceMac: "", source, destination, payload: bytes };
}

const invite = (callId: string, body: string): string =>
  `INVITE sip:x SIP/2.0\r\nCall-ID: ${callId}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const rtp = Buffer.from("8000000000000000000000000", "hex");

const seen: readonly LinkDatagram[] = [
  datagram("line", "from-near", "203.0.113.10:5060", "208.78.112.64:5060", invite("one", sdp)),
  datagram(
    "line",
    "to-near",
    "208.78.112.64:5060",
    "203.0.113.10:5060",
    "SIP/2.0 100 Trying\r\ni: one\r\n\r\n",
  ),
  datagram(
    "line",
    "from-near",
    "203.0.113.10:5060",
    "208.78.112.64:5060",
    invite("two", sdp.replace("40000", "50000")),
  ),
  datagram("line", "from-near", "203.0.113.10:40000", "208.78.112.64:20000", rtp),
  datagram("line", "to-near", "208.78.112.64:20000", "203.0.113.10:40000", rtp),
  datagram("internet", "to-near", "208.78.112.64:20001", "203.0.113.10:40001", rtp),
  datagram("line", "from-near", "203.0.113.10:50000", "208.78.112.64:20002", rtp),
  datagram("line", "from-near", "203.0.113.10:40000", "208.78.112.64:20000", Buffer.from("hello, no RTP")),
];

test("messages count by their Call-ID, media by the addresses that those messages name, RTCP too", () => {
  const counts = legPackets(seen, "one", ["line", "internet", "other"]);
  assert.deepEqual(counts.get("line"), { sipFromNear: 1, sipToNear: 1, rtpFromNear: 1, rtpToNear: 1 });
  assert.deepEqual(counts.get("internet"), { sipFromNear: 0, sipToNear: 0, rtpFromNear: 0, rtpToNear: 1 });
});

test("a link that nothing of the call crossed has an entry too", () => {
  const counts = legPackets(seen, "one", ["line", "internet", "other"]).get("other");
  assert.ok(counts !== undefined && isNone(counts));
  const two = legPackets(seen, "two", ["line"]).get("line");
  assert.deepEqual(two, { sipFromNear: 1, sipToNear: 0, rtpFromNear: 1, rtpToNear: 0 });
});
