import assert from "node:assert/strict";
import { test } from "node:test";
import { flow, parsedRequest, parsedResponse, request } from "@tandem/sip/testing";
import { answered, assertNoFaults, backboneScript, lastOf } from "../testing/backbone-script.ts";
import { addresses } from "../testing/example-snapshot.ts";

const carrier = flow("UDP", { interfaceName: "carriers", remoteAddress: addresses.carrier });
const customer = flow("UDP", { interfaceName: "customers", remoteAddress: "192.0.2.20" });

test("a sister that was killed in a call goes on with it: BYE from the caller", async () => {
  const script = await backboneScript();
  script.carrierInvite();
  const { invite, ok } = answered(script, script.near);
  const near = await script.restartNear();
  assert.deepEqual([near.gateway.calls.size, near.gateway.calls.list().length], [1, 0]);
  const bye = request("BYE", {
    requestUri: "sip:198.51.100.2:5060",
    sentBy: `${addresses.carrier}:5060`,
    branch: "z9hG4bK-carrier-bye",
    from: "<sip:+442071838750@bigtel.example>",
    toTag: parsedResponse(ok).toTag,
    sequenceNumber: 2,
    headerFields: [["Reason", "Q.850;cause=31"]],
  });
  script.entry.wire.inject(bye, carrier);
  const forwarded = parsedRequest(near.wire.expect("BYE"));
  assert.equal(forwarded.callId, parsedRequest(invite).callId);
  assert.equal(forwarded.value("X-Tandem-CallSid"), script.entry.ledger.records[0]?.sid);
  assert.deepEqual(forwarded.values("Reason"), ["Q.850;cause=31"]);
  const [leg] = near.ledger.legs;
  assert.deepEqual(
    [leg?.callSid, leg?.adopted, leg?.statusCode, leg?.remote, leg?.entryGateway, leg?.q850Cause],
    [script.entry.ledger.records[0]?.sid, true, 200, "UDP 192.0.2.20:5080", "entry", 31],
  );
  assert.equal(near.ledger.records.length, 0);
  assert.equal(near.gateway.calls.size, 0);
  assertNoFaults(script);
});

test("a sister that was killed in a call goes on with it: BYE from the called side", async () => {
  const script = await backboneScript();
  script.carrierInvite();
  const { invite, ok } = answered(script, script.near);
  const near = await script.restartNear();
  const ours = parsedRequest(invite);
  const bye = request("BYE", {
    requestUri: "sip:198.51.100.1:5060",
    sentBy: "192.0.2.20:5080",
    branch: "z9hG4bK-far-bye",
    from: "<sip:bob@192.0.2.20>",
    fromTag: "bob-tag",
    toTag: ours.fromTag,
    callId: ours.callId,
    sequenceNumber: 1,
  });
  near.wire.inject(bye, customer);
  near.wire.expect(200);
  // The caller has not sent its ACK: the entry's BYE waits for it.
  script.entry.wire.inject(
    request("ACK", {
      requestUri: "sip:198.51.100.2:5060",
      sentBy: `${addresses.carrier}:5060`,
      branch: "z9hG4bK-carrier-ack",
      from: "<sip:+442071838750@bigtel.example>",
      toTag: parsedResponse(ok).toTag,
    }),
    carrier,
  );
  lastOf(script.entry, "BYE");
  assert.equal(near.ledger.legs[0]?.adopted, true);
});

test("a leg whose media ports can't be had again is closed with a leg record", async () => {
  const script = await backboneScript();
  script.carrierInvite();
  answered(script, script.near);
  for (const [key, text] of script.near.ledger.journalled) {
    assert.match(key, /^CA[0-9a-f]{32}\/0-[0-9a-f]{8}$/);
    const journal = JSON.parse(text);
    const [endpoint] = journal.media.ingress.endpoints;
    journal.media.egress.endpoints = [endpoint];
    script.near.ledger.journalled.set(key, JSON.stringify(journal));
  }
  const near = await script.restartNear();
  assert.equal(near.gateway.calls.size, 0);
  assert.deepEqual([near.ledger.legs.length, near.ledger.legs[0]?.adopted], [1, true]);
});

test("a request that an earlier life of the sister has taken, or never got, is not taken by the next one", async () => {
  const script = await backboneScript();
  const { near, link, clock } = script;
  script.carrierInvite();
  near.wire.expect("INVITE");
  const asked = link.carried.find(({ text }) => text.startsWith("INVITE"))?.text ?? "";
  clock.advance(5000);
  const restarted = await script.restartNear();
  link.carried.length = 0;
  restarted.wire.inject(asked, flow("UDP", { interfaceName: "backbone", remoteAddress: "100.64.0.1" }));
  restarted.wire.expectNothing();
  assert.deepEqual(link.carried, []);
  assert.deepEqual([...restarted.gateway.backbone.gate.silences], [["before-start", 1]]);
});
