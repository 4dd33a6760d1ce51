import assert from "node:assert/strict";
import { test } from "node:test";
import { SipCounts } from "./sip-counts.ts";

function told(counts: SipCounts, what: "requests" | "responses"): string[] {
  const series: string[] = [];
  counts[what]((value, ...labels) => series.push(`${labels.join(" ")}: ${value}`));
  return series;
}

test("messages by direction, method or status class, and transport", () => {
  const counts = new SipCounts();
  counts.received("INVITE sip:a@b SIP/2.0\r\n\r\n", "UDP");
  counts.received("INVITE sip:a@b SIP/2.0\r\n\r\n", "UDP");
  counts.received("BYE sip:a@b SIP/2.0\r\n\r\n", "TLS");
  counts.sent("SIP/2.0 100 Trying\r\n\r\n", "UDP");
  counts.sent("SIP/2.0 699 No\r\n\r\n", "TCP");
  counts.sent("ACK sip:a@b SIP/2.0\r\n\r\n", "TCP");
  assert.deepEqual(told(counts, "requests"), [
    "received INVITE UDP: 2",
    "received BYE TLS: 1",
    "sent ACK TCP: 1",
  ]);
  assert.deepEqual(told(counts, "responses"), ["sent 1xx UDP: 1", "sent 6xx TCP: 1"]);
});

test("what others write becomes no label", () => {
  const counts = new SipCounts();
  const texts = [
    "INVITED a SIP/2.0",
    "invite a SIP/2.0",
    "+15551234567 a",
    "",
    "SIP/2.0 799 x",
    "SIP/2.0 099 x",
  ];
  for (const text of texts) counts.received(text, "UDP");
  assert.deepEqual(told(counts, "requests"), [`received other UDP: ${texts.length}`]);
  assert.deepEqual(told(counts, "responses"), []);
});
