import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LadderMessage, ladderText } from "./ladder.ts";

const customer = "192.0.2.10:5060";
const carrier = "198.51.100.7:5060";

function message(at: string, more: Partial<LadderMessage>): LadderMessage {
  const rest = { gateway: "gw-1", direction: "received", transport: "UDP", remote: customer } as const;
  return { at: `2026-01-31T12:00:0${at}Z`, text: "", ...rest, ...more };
}

const sdp = "\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n";

describe("a ladder", () => {
  it("has the caller left of the gateway, whom it called right, and an arrow for each message", () => {
    const text = ladderText(
      [customer, "gw-1", carrier],
      [
        message("0.000000", { text: `INVITE sip:+15550199@x SIP/2.0\r\nCSeq: 1 INVITE${sdp}` }),
        message("0.004900", {
          direction: "sent",
          remote: carrier,
          transport: "TLS",
          text: "INVITE sip:+15550199@y SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n",
        }),
        message("1.250000", { remote: carrier, text: "SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n" }),
        message("1.251000", { direction: "sent", text: `SIP/2.0 200 OK\r\nCSeq: 1 INVITE${sdp}` }),
      ],
    );
    assert.equal(
      text,
      [
        "         192.0.2.10:5060               gw-1                          198.51.100.7:5060",
        "0.000    │─────── INVITE [SDP] ───────▶│                             │",
        "0.004    │                             │─────── INVITE [TLS] ───────▶│",
        "1.250    │                             │◀───── 200 OK (INVITE) ──────│",
        "1.251    │◀── 200 OK (INVITE) [SDP] ───│                             │",
      ].join("\n"),
    );
  });

  it("shows the backbone between two gateways, and an attempt that failed, in columns of their own", () => {
    const ends = [customer, "gw-1", "10.0.0.2:5080", "10.0.0.1:5080", "gw-2", carrier];
    const text = ladderText(ends, [
      message("0.0", { text: "INVITE sip:x SIP/2.0\r\n\r\n" }),
      message("0.1", { direction: "sent", remote: "10.0.0.2:5080", text: "INVITE sip:x SIP/2.0\r\n\r\n" }),
      message("0.2", { gateway: "gw-2", remote: "10.0.0.1:5080", text: "INVITE sip:x SIP/2.0\r\n\r\n" }),
      message("0.3", {
        gateway: "gw-2",
        direction: "sent",
        remote: carrier,
        text: "INVITE sip:x SIP/2.0\r\n\r\n",
      }),
    ]);
    const [head = "", ...lines] = text.split("\n");
    assert.deepEqual(head.trim().split(/\s+/), ends);
    assert.equal(lines.length, 4);
    assert.ok(lines.every((line) => line.length === lines[0]?.length));
    assert.match(lines[3] ?? "", /│─+ INVITE ─+▶│$/);
  });

  it("cuts what is too long and lets no control character through", () => {
    const reason = `SIP/2.0 500 \u001b[31m${"long ".repeat(20)}\r\nCSeq: 1 INVITE\r\n\r\n`;
    const [, line = ""] = ladderText([customer, "gw-1"], [message("0.0", { text: reason })]).split("\n");
    assert.equal(line.includes("\u001b"), false);
    assert.match(line, /^0\.000 {4}│─ 500 \?\[31mlong/);
    assert.equal(line.length, 9 + 31);
  });

  it("of nothing is its head alone", () => {
    assert.equal(ladderText([], []), "");
  });
});
