import assert from "node:assert/strict";
import { test } from "node:test";
import { flow, parsedRequest, parsedResponse, request } from "@tandem/sip/testing";
import {
  assertNoFaults,
  attemptViews,
  type BackboneScript,
  backboneAddresses,
  backboneScript,
  backboneSnapshot,
  lastOf,
  respond,
} from "../testing/backbone-script.ts";
import {
  addresses,
  exampleCarrier,
  exampleGateway,
  exampleTrunk,
  exampleUrl,
} from "../testing/example-snapshot.ts";
import { answer, gatewayScript } from "../testing/gateway-script.ts";

/** Rows of an INVITE that do not differ from call to call; one more hop lies behind a call over the backbone. */
function lasting(text: string): string[] {
  const changing = new Set(["Via", "Call-ID", "Max-Forwards", "X-Tandem-CallSid", "Content-Length"]);
  const invite = parsedRequest(text);
  const rows = invite.rows().filter(({ name }) => !changing.has(name));
  const plain = rows.map(({ name, value }) => `${name}: ${value.replace(/;tag=\S+/, ";tag=")}`);
  return [invite.requestUri, ...plain];
}

const extras = [
  ["Content-Type", "application/sdp"],
  ["Diversion", "<sip:+15559990000@bigtel.example>;reason=user-busy"],
  ["History-Info", "<sip:+15559990000@bigtel.example>;index=1"],
  ["X-Custom", "caf\u00e9; a=b, c"],
  ["X-Tandem-CallSid", "CAforged"],
  ["X-Tandem-Backbone", "v=1;forged=1"],
  ["P-Asserted-Identity", "<sip:+442071838750@bigtel.example>"],
] as const;

const withoutBackbone = extras.filter(([name]) => name !== "X-Tandem-Backbone");

const privacies: readonly (readonly (readonly [string, string])[])[] = [
  [],
  [
    ["Privacy", "id"],
    ["Identity", "passport"],
  ],
  [["Remote-Party-ID", "<sip:+442071838750@bigtel.example>;party=calling;privacy=full"]],
];

test("origination: what the customer gets is what a gateway of its edge would have sent for a call of its own", async () => {
  for (const privacy of privacies) {
    const headerFields = [...withoutBackbone, ...privacy];
    const url = "sip:192.0.2.20:5080;edge=san-jose-ix?X-Line=7&X-Site=west";
    const trunks = [exampleTrunk({ originationUrls: [exampleUrl({ sipUrl: url })] })];
    const local = await gatewayScript({
      snapshot: backboneSnapshot({ trunks }),
      configuration: { edge: "san-jose-ix" },
    });
    const from = '"Ada \\"L\\" \\\\" <sip:+442071838750@bigtel.example>';
    local.carrierInvite({ headerFields, from });
    const script = await backboneScript({ snapshot: { trunks } });
    script.carrierInvite({ headerFields, from, body: answer });
    const sent = script.near.wire.expectSent("INVITE");
    assert.deepEqual(
      [sent.target?.interfaceName, sent.target?.address, sent.target?.port],
      ["customers", "192.0.2.20", 5080],
    );
    assert.deepEqual(lasting(sent.text), lasting(local.wire.expect("INVITE")));
    const callSid = script.entry.gateway.calls.list()[0]?.sid;
    assert.deepEqual(parsedRequest(sent.text).values("X-Tandem-CallSid"), [callSid]);
    assert.equal(parsedRequest(sent.text).maxForwards(), 68);
    assert.equal(sent.text.includes("X-Tandem-Backbone"), false);
    script.entry.wire.expectNothing();
  }
});

test("termination: what the carrier gets is what a gateway of its edge would have sent, with the carrier's credentials", async () => {
  for (const privacy of privacies) {
    const carriers = [
      exampleCarrier({
        gateways: [exampleGateway({ edge: "us2-ix" })],
        credentials: { username: "us", password: "secret" },
      }),
    ];
    const headerFields = [...withoutBackbone, ...privacy];
    const local = await gatewayScript({
      snapshot: backboneSnapshot({ carriers }),
      configuration: { edge: "san-jose-ix" },
    });
    const from = '"Bob" <sip:+15550001111@acme.example>';
    local.invite({ headerFields, from });
    const script = await backboneScript({ snapshot: { carriers } });
    script.customerInvite({ headerFields, from });
    const sent = script.near.wire.expectSent("INVITE");
    assert.deepEqual([sent.target?.interfaceName, sent.target?.address], ["carriers", "203.0.113.7"]);
    assert.deepEqual(lasting(sent.text), lasting(local.wire.expect("INVITE")));
    const challenge = ["Proxy-Authenticate", 'Digest realm="carrier", nonce="n"'] as const;
    respond(script.near, sent.text, 407, { headerFields: [challenge] });
    script.near.wire.expect("ACK");
    const again = parsedRequest(script.near.wire.expect("INVITE"));
    assert.match(again.value("Proxy-Authorization") ?? "", /username="us"/);
    script.link.take();
    respond(script.near, again.text, 200, { body: answer });
    assert.deepEqual(script.link.take(), ["SIP/2.0 200 OK", "ACK"]);
  }
});

test("a call: ringing, early media, answer, hold, BYE; both gateways anchor, both records agree", async () => {
  const script = await backboneScript();
  const { entry, near, far, link } = script;
  script.carrierInvite();
  assert.deepEqual(link.take(), ["INVITE", "SIP/2.0 100 Trying"]);
  const invite = near.wire.expect("INVITE");
  const reason = ["Reason", "Q.850;cause=16"] as const;
  respond(near, invite, 183, { body: answer });
  const early = parsedResponse(entry.wire.expect(183));
  assert.match(early.body, /c=IN IP4 198\.51\.100\.2/);
  assert.equal(early.has("X-Tandem-Backbone"), false);
  respond(near, invite, 200, { body: answer });
  near.wire.expect("ACK");
  const ok = parsedResponse(entry.wire.expect(200));
  assert.equal(ok.toTag, early.toTag);
  assert.equal(ok.has("X-Tandem-Backbone"), false);
  assert.deepEqual(link.take(), ["SIP/2.0 183 Session Progress", "SIP/2.0 200 OK", "ACK"]);
  // Caller, entry, sister, customer: two endpoints at each gateway, joined, and each on its own network.
  for (const [one, outer] of [
    [entry, "carriers"],
    [near, "customers"],
  ] as const) {
    assert.deepEqual(one.relay.endpoints.map((endpoint) => endpoint.localAddress).sort(), [
      one === entry ? backboneAddresses.entry : backboneAddresses.near,
      outer === "carriers" ? "198.51.100.2" : "198.51.100.1",
    ]);
    assert.ok(one.relay.endpoints.every((endpoint) => endpoint.partner !== undefined));
  }
  assert.equal(far.relay.endpoints.length, 0);
  const hold = request("INVITE", {
    ...ofFarEnd(invite, 5),
    headerFields: [["Content-Type", "application/sdp"]],
    body: answer.replace("m=audio", "a=sendonly\r\nm=audio"),
  });
  entry.wire.inject(inDialog("ACK", ok, 1), carrierFlow);
  near.wire.inject(hold, flow("UDP", { interfaceName: "customers", remoteAddress: "192.0.2.20" }));
  const reInvite = entry.wire.expect("INVITE");
  assert.match(reInvite, /a=sendonly/);
  assert.equal(entry.gateway.calls.list().length, 1);
  assert.equal(near.gateway.calls.list().length, 0, "the call is told of where it entered");
  assert.equal(near.gateway.calls.size, 1);
  assert.equal(near.gateway.state().liveCalls, 0);
  const bye = request("BYE", { ...ofFarEnd(invite, 6), headerFields: [reason] });
  near.wire.inject(bye, flow("UDP", { interfaceName: "customers", remoteAddress: "192.0.2.20" }));
  near.wire.expect(100);
  near.wire.expect(200);
  const byeOfEntry = parsedRequest(lastOf(entry, "BYE"));
  assert.deepEqual(byeOfEntry.values("Reason"), ["Q.850;cause=16"]);
  assertRecords(script, invite);
  assert.equal(near.ledger.records.length, 0);
  assert.equal(near.ledger.journalled.size, 0);
  assertNoFaults(script);
});

const carrierFlow = flow("UDP", { interfaceName: "carriers", remoteAddress: addresses.carrier });

/** A request of the far end in the dialog of an INVITE of ours. */
function ofFarEnd(invite: string, sequenceNumber: number): Parameters<typeof request>[1] {
  const ours = parsedRequest(invite);
  return {
    requestUri: "sip:198.51.100.1:5060",
    sentBy: "192.0.2.20:5080",
    branch: `z9hG4bK-far-${sequenceNumber}`,
    from: "<sip:bob@192.0.2.20>",
    fromTag: "bob-tag",
    to: "<sip:us@tandem.test>",
    toTag: ours.fromTag,
    callId: ours.callId,
    sequenceNumber,
  };
}

/** A request of the carrier in the dialog of its call. */
function inDialog(method: string, ok: ReturnType<typeof parsedResponse>, sequenceNumber: number): string {
  return request(method, {
    requestUri: "sip:198.51.100.2:5060",
    sentBy: `${addresses.carrier}:5060`,
    branch: `z9hG4bK-carrier-${method}-${sequenceNumber}`,
    from: "<sip:+442071838750@bigtel.example>",
    to: "<sip:bob@example.com>",
    toTag: ok.toTag,
    sequenceNumber,
  });
}

function assertRecords({ entry, near }: BackboneScript, invite: string): void {
  const [record] = entry.ledger.records;
  const [leg] = near.ledger.legs;
  assert.ok(record !== undefined && leg !== undefined);
  assert.deepEqual([record.status, record.releasedBy], ["completed", "callee"]);
  assert.deepEqual(attemptViews(record), ["answered OU1 near san-jose-ix customers UDP 192.0.2.20:5080 200"]);
  assert.deepEqual(
    [leg.callSid, leg.attemptIndex, leg.gateway, leg.edge, leg.entryGateway, leg.candidateSid],
    [record.sid, 0, "near", "san-jose-ix", "entry", "OU1"],
  );
  assert.deepEqual(
    [leg.interface, leg.connection, leg.remote, leg.statusCode, leg.q850Cause, leg.adopted],
    ["customers", null, "UDP 192.0.2.20:5080", 200, 16, false],
  );
  assert.deepEqual(
    [leg.setupAtMs, leg.answeredAtMs, leg.releasedAtMs],
    [record.setupAtMs, record.answeredAtMs, record.releasedAtMs],
  );
  assert.equal(leg.backboneSipCallId, record.egressSipCallId);
  assert.equal(leg.egressSipCallId, parsedRequest(invite).callId);
}

test("the caller gives up: the CANCEL crosses with its Reason", async () => {
  const script = await backboneScript();
  const { entry, near, link } = script;
  script.carrierInvite();
  const invite = near.wire.expect("INVITE");
  respond(near, invite, 180);
  entry.wire.expect(180);
  entry.wire.inject(
    request("CANCEL", {
      requestUri: "sip:+15550001111@198.51.100.2",
      from: '"Ada \\"L\\"" <sip:+442071838750@bigtel.example>',
      sentBy: `${addresses.carrier}:5060`,
      headerFields: [["Reason", 'SIP;cause=200;text="Call completed elsewhere"']],
    }),
    carrierFlow,
  );
  const cancel = parsedRequest(near.wire.expect("CANCEL"));
  assert.deepEqual(cancel.values("Reason"), ['SIP;cause=200;text="Call completed elsewhere"']);
  respond(near, invite, 487);
  near.wire.expect("ACK");
  assert.ok(link.take().includes("CANCEL"));
  const [record] = entry.ledger.records;
  assert.deepEqual([record?.status, record?.attempts[0]?.result], ["canceled", "abandoned"]);
  assert.equal(near.ledger.legs[0]?.statusCode, 487);
  assertNoFaults(script);
});

test("limits count where the call entered, and there alone", async () => {
  const [trunk] = backboneSnapshot().trunks;
  const trunks = [exampleTrunk({ ...trunk, concurrentCalls: 1, callsPerSecond: 1 })];
  const script = await backboneScript({ snapshot: { trunks } });
  const { entry, near } = script;
  script.customerInvite();
  near.wire.expect("INVITE");
  assert.equal(entry.gateway.calls.size, 1);
  script.customerInvite({ callId: "call-2", branch: "z9hG4bK-2" });
  assert.match(entry.wire.expect(503), /concurrent call limit/);
  const own = request("INVITE", {
    requestUri: "sip:+15550001111@198.51.100.2",
    from: "<sip:+442071838750@bigtel.example>",
    sentBy: `${addresses.carrier}:5060`,
    headerFields: [["Content-Type", "application/sdp"]],
    body: answer,
  });
  near.wire.inject(own, carrierFlow);
  near.wire.expect("INVITE");
  assert.equal(near.gateway.calls.list().length, 1, "the leg does not count at the sister");
});

test("explain: who would place it, and nobody is asked", async () => {
  const { entry, link } = await backboneScript();
  link.carried.length = 0;
  const request = {
    kind: "facts",
    direction: "origination",
    sourceAddress: addresses.carrier,
    from: "+442071838750",
    to: "+15550001111",
  } as const;
  const texts = [1, 2].map(() => {
    const explained = entry.gateway.perform({ name: "explain", request });
    assert.ok(explained.ok && explained.name === "explain");
    return explained.result.candidates.map((one) => `${one.usable} ${one.edge} ${one.text}`);
  });
  assert.match(texts[0]?.[0] ?? "", /^true san-jose-ix .*over the backbone by near, then far$/);
  assert.deepEqual(texts[1], texts[0]);
  assert.equal(link.carried.length, 0);
});
