import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderFields } from "@tandem/sip/message";
import { parsedRequest, request } from "@tandem/sip/testing";
import { copyPassing, passes } from "./header-policy.ts";

const withheld = [
  "Accept Accept-Encoding Allow Allow-Events Authentication-Info Authorization Call-ID Contact Content-Length",
  "Content-Disposition Content-Type CSeq Date Event Flow-Timer From Join Max-Breadth Max-Forwards Min-Expires Min-SE P-Access-Network-Info",
  "P-Asserted-Service P-Charging-Function-Addresses P-Charging-Vector P-Preferred-Service P-Profile-Key P-Served-User",
  "P-User-Database P-Visited-Network-ID P-Asserted-Identity P-Preferred-Identity Path Proxy-Authenticate Proxy-Authentication-Info",
  "Proxy-Authorization Proxy-Require RAck Record-Route Referred-By Remote-Party-ID Replaces Require Retry-After",
  "Route RSeq Security-Client Security-Server Security-Verify Server Service-Route Session-Expires",
  "Subscription-State Supported Timestamp To Unsupported User-Agent Via Warning WWW-Authenticate",
].flatMap((row) => row.split(" "));

const passing = [
  "X-Custom Diversion History-Info Identity Privacy Reason User-to-User Subject P-Early-Media Alert-Info Call-Info",
  "Geolocation Session-ID Info-Package Recv-Info Accept-Language MIME-Version X-Tandemize",
  "X-Twilio X-My-X-Tandem-A",
].flatMap((row) => row.split(" "));

test("what belongs to the hop, the dialog or us is withheld, however it is written", () => {
  for (const name of withheld) {
    for (const written of [name, name.toLowerCase(), name.toUpperCase()]) {
      assert.equal(passes(written), false, written);
    }
  }
});

test("the rest passes, unknown names too", () => {
  for (const name of passing) assert.equal(passes(name), true, name);
});

test("nobody but us states X-Tandem and X-Twilio facts", () => {
  for (const name of ["X-Tandem-CallSid", "x-tandem-accountsid", "X-Twilio-CallSid", "X-TWILIO-VerStat"]) {
    assert.equal(passes(name), false, name);
  }
});

test("what gateways tell each other leaves the backbone in neither direction", () => {
  for (const name of ["X-Tandem-Backbone", "x-tandem-backbone", "X-TANDEM-REASON", "X-Tandem-Reason"]) {
    assert.equal(passes(name), false, name);
  }
});

test("copyPassing keeps order and repetition, and sees through compact forms", () => {
  const message = parsedRequest(
    request("INVITE", {
      headerFields: [
        ["X-B", "2"],
        ["k", "timer"],
        ["s", "hello"],
        ["X-A", "1"],
        ["X-B", "3"],
        ["X-Tandem-CallSid", "forged"],
        ["i", "not-again"],
      ],
    }),
  );
  const into = new HeaderFields().append("First", "0");
  copyPassing(message, into);
  assert.deepEqual(
    into.rows().map((row) => `${row.name}: ${row.value}`),
    ["First: 0", "X-B: 2", "Subject: hello", "X-A: 1", "X-B: 3"],
  );
});
