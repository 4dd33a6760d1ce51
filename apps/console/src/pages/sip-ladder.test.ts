import assert from "node:assert/strict";
import { test } from "node:test";
import { labelOf, sipLadderOf } from "./sip-ladder.ts";

const message = (at: string, direction: string, remote: string, text: string): object => {
  return { gateway: "gw-1", at: `2026-01-31T12:00:0${at}Z`, direction, remote, transport: "UDP", text };
};

test("a post for each end, and an arrow from who sent a message to who received it", () => {
  const { posts, arrows, width, height } = sipLadderOf({
    ends: ["pbx", "gw-1", "east"],
    messages: [
      message("0.000000", "received", "pbx", "INVITE sip:x SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n"),
      message("0.250000", "sent", "east", "INVITE sip:y SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n"),
      message("1.500000", "received", "east", "SIP/2.0 503 Busy\r\nCSeq: 1 INVITE\r\n\r\n"),
    ],
  });
  assert.deepEqual(
    posts.map(({ name }) => name),
    ["pbx", "gw-1", "east"],
  );
  assert.deepEqual(
    arrows.map(({ from, to, label, tone, seconds }) => [from, to, label, tone, seconds]),
    [
      [0, 1, "INVITE", "neutral", 0],
      [1, 2, "INVITE", "neutral", 0.25],
      [2, 1, "503 Busy", "bad", 1.5],
    ],
  );
  assert.ok(posts.every(({ x }) => x > 0 && x < width));
  assert.ok(arrows.every(({ y }) => y > 0 && y < height));
});

test("of nothing there is nothing to draw", () => {
  const { posts, arrows } = sipLadderOf({});
  assert.deepEqual([posts, arrows], [[], []]);
});

for (const [text, transport, label] of [
  ["INVITE sip:x SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0", "TLS", "INVITE (SDP, TLS)"],
  [
    "SIP/2.0 183 Session Progress\r\nCSeq: 1 INVITE\r\ncontent-type:application/sdp\r\n\r\nv=0",
    "UDP",
    "183 Session Progress (SDP)",
  ],
  ["SIP/2.0 200 OK\r\nCSeq: 2 BYE\r\n\r\n", "UDP", "200 OK (BYE)"],
  ["SIP/2.0 200\r\n\r\n", "TCP", "200 (TCP)"],
  ["", "UDP", ""],
] as const) {
  test(`${JSON.stringify(text.slice(0, 24))} is ${label}`, () =>
    assert.equal(labelOf(text, transport), label));
}
