import assert from "node:assert/strict";
import { test } from "node:test";
import { optionsText, withNewTransaction, withWrongSignature } from "./forged-requests.ts";

const invite = [
  "INVITE sip:a@b SIP/2.0",
  "Via: SIP/2.0/UDP 10.10.4.1:5060;branch=z9hG4bKreal",
  "Call-ID: one",
  `X-Tandem-Backbone: v=1;nonce=1;mac=${"a0".repeat(32)}`,
  "",
  "",
].join("\r\n");

test("a new transaction differs in its Via only, and from the one before", () => {
  const forged = withNewTransaction(invite, "192.0.2.31", 5095);
  const branch = /branch=(\S+)/.exec(forged)?.[1];
  assert.equal(forged.replace(/Via: \S+ \S+/, "Via: SIP/2.0/UDP 10.10.4.1:5060;branch=z9hG4bKreal"), invite);
  assert.match(forged, /^Via: SIP\/2\.0\/UDP 192\.0\.2\.31:5095;branch=z9hG4bKforged\d+\r$/m);
  assert.ok(branch !== undefined && !withNewTransaction(invite, "192.0.2.31", 5095).includes(`${branch}\r`));
});

test("a wrong signature differs in its last digit only", () => {
  assert.equal(withWrongSignature(invite), invite.replace(/0\r\n\r\n$/, "1\r\n\r\n"));
});

test("OPTIONS is a whole request", () => {
  assert.match(
    optionsText("192.0.2.31", 5095, "10.10.2.1"),
    /^OPTIONS sip:10\.10\.2\.1 SIP\/2\.0\r\nVia: .*\r\n\r\n$/s,
  );
});
