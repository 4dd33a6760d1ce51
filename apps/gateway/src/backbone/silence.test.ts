import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { flow, parsedRequest, parsedResponse, request } from "@tandem/sip/testing";
import {
  type BackboneScript,
  backboneAddresses,
  backboneScript,
  lastOf,
  respond,
  twoUrls,
} from "../testing/backbone-script.ts";
import { addresses } from "../testing/example-snapshot.ts";
import { answer } from "../testing/gateway-script.ts";

/** The INVITE with which a sister was asked. */
async function askedInvite(): Promise<{ readonly script: BackboneScript; readonly invite: string }> {
  const script = await backboneScript();
  script.link.change = ({ text }) => (text.startsWith("INVITE") ? undefined : text);
  script.carrierInvite();
  const invite = script.link.carried.find(({ text }) => text.startsWith("INVITE"))?.text ?? "";
  assert.match(invite, /^X-Tandem-Backbone: v=1;key=1;hop=1;from=entry;to=near;/m);
  return { script, invite };
}

/** A new branch, so that nobody takes it for a retransmission. */
function fresh(text: string): string {
  return text.replace(/branch=z9hG4bK\w+/, "branch=z9hG4bKother");
}

function onBackbone(remoteAddress: string) {
  return flow("UDP", { interfaceName: "backbone", remoteAddress });
}

test("a backbone request from anybody but the sister gets silence: no answer, no state, counted", async () => {
  const places: [interfaceName: string, address: string, why: string][] = [
    ["backbone", addresses.customer, "unknown-source"],
    ["backbone", addresses.carrier, "unknown-source"],
    ["backbone", addresses.stranger, "unknown-source"],
    ["backbone", backboneAddresses.far, "wrong-sender"],
    ["customers", addresses.customer, "wrong-interface"],
    ["carriers", addresses.carrier, "wrong-interface"],
    ["customers", backboneAddresses.entry, "wrong-interface"],
  ];
  for (const [interfaceName, remoteAddress, why] of places) {
    const { script, invite } = await askedInvite();
    script.near.wire.inject(invite, flow("UDP", { interfaceName, remoteAddress }));
    script.near.wire.expectNothing();
    assert.deepEqual(
      [...script.near.gateway.backbone.gate.silences],
      [[why, 1]],
      `${interfaceName} ${remoteAddress}`,
    );
    assert.equal(script.near.gateway.counts()["serverTransactions"], 0);
  }
});

test("over TCP the connection of a stranger on the backbone is closed", async () => {
  const { script, invite } = await askedInvite();
  const on = flow("TCP", { interfaceName: "backbone", remoteAddress: addresses.stranger });
  script.near.wire.inject(invite, on);
  assert.deepEqual(script.near.wire.closedFlows, [on]);
});

test("the same INVITE again: absorbed while its transaction lives; silence for a copy, and after the call", async () => {
  const { script, invite } = await askedInvite();
  const { near, clock, link } = script;
  link.change = () => undefined;
  const on = onBackbone(backboneAddresses.entry);
  near.wire.inject(invite, on);
  const placed = near.wire.expect("INVITE");
  link.carried.length = 0;
  near.wire.inject(invite, on);
  near.wire.expectNothing();
  assert.deepEqual(link.take(), ["SIP/2.0 100 Trying"]);
  near.wire.inject(fresh(invite), on);
  near.wire.expectNothing();
  assert.deepEqual(link.take(), []);
  assert.equal(near.gateway.backbone.gate.silences.get("replayed"), 1);
  respond(near, placed, 486);
  near.wire.expect("ACK");
  near.wire.inject(invite.replace("INVITE", "ACK").replace("1 INVITE", "1 ACK"), on);
  clock.advance(10_000);
  link.carried.length = 0;
  near.wire.inject(invite, on);
  near.wire.expectNothing();
  assert.deepEqual(link.take(), []);
  assert.equal(near.gateway.backbone.gate.silences.get("replayed"), 2);
});

test("a customer's or carrier's own X-Tandem-Backbone and X-Tandem-Reason in a response or in a call in progress go nowhere", async () => {
  const forged = [
    ["X-Tandem-Backbone", "v=1"],
    ["x-tandem-reason", "90207"],
    ["X-Fine", "1"],
  ] as const;
  const script = await backboneScript();
  const { entry, near } = script;
  script.carrierInvite();
  const invite = near.wire.expect("INVITE");
  respond(near, invite, 180, { headerFields: forged });
  const ringing = parsedResponse(entry.wire.expect(180));
  assert.deepEqual([ringing.has("X-Tandem-Backbone"), ringing.value("X-Fine")], [false, "1"]);
  respond(near, invite, 200, { body: answer, headerFields: forged });
  const ok = parsedResponse(entry.wire.expect(200));
  assert.deepEqual(
    [ok.has("X-Tandem-Backbone"), ok.has("X-Tandem-Reason"), ok.value("X-Fine")],
    [false, false, "1"],
  );
});

test("OPTIONS on the backbone: a sister is answered, nobody else", async () => {
  const { near, link } = await backboneScript();
  link.carried.length = 0;
  const options = request("OPTIONS", { requestUri: "sip:100.64.0.2:5060", sentBy: "100.64.0.1:5060" });
  near.wire.inject(options, onBackbone(backboneAddresses.entry));
  assert.match(link.carried[0]?.text ?? "", /^SIP\/2.0 200 OK/);
  link.carried.length = 0;
  for (const address of [addresses.customer, addresses.carrier, addresses.stranger]) {
    near.wire.inject(options, onBackbone(address));
  }
  assert.equal(link.carried.length, 0);
  near.wire.expectNothing();
});

test("sisters that answer OPTIONS are up, a draining one is seen to be, a dead one too", async () => {
  const { entry, near, clock, link } = await backboneScript();
  const states = () =>
    entry.gateway.state().sisters.map(({ gateway, edge, state }) => `${gateway} ${edge} ${state}`);
  assert.deepEqual(states(), ["near san-jose-ix unknown", "far san-jose-ix unknown"]);
  clock.advance(2200);
  assert.deepEqual(states(), ["near san-jose-ix up", "far san-jose-ix up"]);
  near.gateway.core.drain();
  link.dead.add(backboneAddresses.far);
  clock.advance(6600);
  assert.deepEqual(states(), ["near san-jose-ix draining", "far san-jose-ix down"]);
});

const tampered: [what: string, change: (text: string) => string][] = [
  ["no signature", (text) => text.replace(/^X-Tandem-Backbone: .*\r\n/m, "")],
  ["another signature", (text) => text.replace(/mac=..../, "mac=0000")],
  ["another status", (text) => text.replace("SIP/2.0 486", "SIP/2.0 487")],
  ["another answer", (text) => text.replace(/^c=IN IP4 \S+/m, "c=IN IP4 203.0.113.66")],
  ["another sister", (text) => text.replace(";from=near;", ";from=far;")],
  ["two signatures", (text) => text.replace(/^(X-Tandem-Backbone: .*\r\n)/m, "$1$1")],
];

for (const [what, change] of tampered) {
  test(`a response with ${what} is not believed: the attempt has failed, nobody stays answered`, async () => {
    for (const statusCode of [486, 200]) {
      const script = await backboneScript({ snapshot: twoUrls });
      const { entry, near, link } = script;
      script.carrierInvite();
      const invite = near.wire.expect("INVITE");
      let hasChanged = false;
      link.change = ({ text }) => {
        const altered = text.startsWith(`SIP/2.0 ${statusCode}`) ? change(text) : text;
        hasChanged ||= altered !== text;
        return altered;
      };
      respond(near, invite, statusCode, statusCode === 200 ? { body: answer } : {});
      if (!hasChanged) continue;
      // The next URL is tried.
      const next = entry.wire.expect("INVITE");
      if (statusCode === 200) near.wire.expect("ACK");
      lastOf(near, statusCode === 200 ? "BYE" : "ACK");
      respond(entry, next, 486);
      const [attempt] = entry.ledger.records[0]?.attempts ?? [];
      assert.equal(attempt?.reason?.code, reasons.backboneResponseUnverified.code, `${statusCode}`);
    }
  });
}

test("the response to another request of the same sister is none to this one", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  const { entry, near, link } = script;
  script.carrierInvite();
  respond(near, near.wire.expect("INVITE"), 486);
  lastOf(entry, 486);
  const earlier = link.carried.find(({ text }) => text.startsWith("SIP/2.0 486"))?.text ?? "";
  const signed = /^X-Tandem-Backbone: .*$/m.exec(earlier)?.[0] ?? "";
  assert.ok(signed !== "");
  link.dead.add(backboneAddresses.far);
  script.clock.advance(40_000);
  link.change = ({ text }) =>
    text.startsWith("SIP/2.0 486") ? text.replace(/^X-Tandem-Backbone: .*$/m, signed) : text;
  script.carrierInvite({ callId: "call-2", branch: "z9hG4bK-2" });
  respond(near, lastOf(near, "INVITE"), 486);
  lastOf(entry, "INVITE");
});

test("a sister whose snapshot lacks the candidate, or has it elsewhere, says so, and the next one is asked", async () => {
  const { script, invite } = await askedInvite();
  const { entry, near, far, link } = script;
  link.change = ({ text }) => text;
  const table = near.gateway.snapshots.table;
  assert.ok(table !== undefined);
  const [trunk] = table.objects("trunks");
  assert.ok(trunk !== undefined);
  for (const [version, originationUrls] of [
    [8, []],
    [
      9,
      trunk.originationUrls.map((url) => ({ ...url, sipUrl: url.sipUrl.replace("san-jose-ix", "ashburn") })),
    ],
    [10, trunk.originationUrls.map((url) => ({ ...url, enabled: false }))],
  ] as const) {
    near.gateway.applySnapshot({
      ...table.document(),
      version,
      trunks: [{ ...trunk, originationUrls: [...originationUrls] }],
    });
    link.carried.length = 0;
    // Whose turn it is depends on the calls before: near is asked first in every second one.
    for (const turn of [1, 2]) {
      script.carrierInvite({ callId: `call-${version}-${turn}`, branch: `z9hG4bK-${version}-${turn}` });
      far.wire.expect("INVITE");
    }
    near.wire.expectNothing();
    assert.equal(
      link.carried.filter(
        ({ from, text }) => from === backboneAddresses.near && text.includes("result=not-placed"),
      ).length,
      1,
    );
  }
  assert.ok(parsedRequest(invite).has("X-Tandem-Backbone"));
  assert.deepEqual([near.ledger.legs.length, entry.ledger.records.length], [0, 0]);
});
