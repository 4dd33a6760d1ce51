import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMessage } from "@tandem/sip/message";
import type { TracedMessage } from "../../interop/sipp/message-trace.ts";
import { callOutcomes } from "./call-outcomes.ts";

function traced(
  atMs: number,
  direction: "sent" | "received",
  first: string,
  callId: string,
  cseq: string,
): TracedMessage {
  const text = `${first}\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: ${callId}\r\nCSeq: ${cseq}\r\nContent-Length: 0\r\n\r\n`;
  const parsed = parseMessage(text, "datagram");
  if (!parsed.ok) throw new Error("no SIP message");
  return { atMs, direction, message: parsed.value };
}

test("time counts from the first INVITE to the first 200; a call without is not answered", () => {
  const outcomes = callOutcomes([
    traced(1000, "sent", "INVITE sip:b@b SIP/2.0", "one", "1 INVITE"),
    traced(1500, "sent", "INVITE sip:b@b SIP/2.0", "one", "1 INVITE"),
    traced(1600, "received", "SIP/2.0 180 Ringing", "one", "1 INVITE"),
    traced(2000, "sent", "INVITE sip:b@b SIP/2.0", "two", "1 INVITE"),
    traced(5100, "received", "SIP/2.0 200 OK", "one", "1 INVITE"),
    traced(5600, "received", "SIP/2.0 200 OK", "one", "1 INVITE"),
    traced(6000, "received", "SIP/2.0 503 Service Unavailable", "two", "1 INVITE"),
    traced(6100, "received", "SIP/2.0 200 OK", "one", "2 BYE"),
  ]);
  assert.deepEqual(outcomes, [
    { callId: "one", sentAtMs: 1000, answeredAfterMs: 4100, isReleased: true },
    { callId: "two", sentAtMs: 2000, answeredAfterMs: undefined, isReleased: false },
  ]);
});
