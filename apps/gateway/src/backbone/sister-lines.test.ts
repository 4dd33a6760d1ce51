import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionHealth, SnapshotConnection } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { exactRoute } from "../pipeline/exact-route.ts";
import {
  assertNoFaults,
  attemptViews,
  type BackboneScript,
  backboneScript,
  backboneSnapshot,
  lastOf,
  respond,
  type ScriptedGateway,
  twoUrls,
} from "../testing/backbone-script.ts";
import { originationCallOnTrunk, stageServices } from "../testing/call-of.ts";
import { answer } from "../testing/gateway-script.ts";

const line: SnapshotConnection = {
  sid: `TX${"1".repeat(32)}`,
  accountSid: "AC1",
  sharedAccountSids: [],
  friendlyName: "line of acme",
  type: "crossconnect",
  edge: "san-jose-ix",
  status: "active",
  fallback: "none",
  routes: ["192.0.2.0/24"],
  device: "line1",
  nextHop: null,
  localAddress: "100.127.0.1",
  routingTable: 1001,
};

const down: ConnectionHealth = {
  sid: line.sid,
  state: "down",
  reason: "the link is down",
  sinceMs: 0,
  link: "down",
  route: "missing",
  bgp: null,
  bfd: null,
  receivedBytes: null,
  sentBytes: null,
};

function scriptWith(changes: Partial<SnapshotConnection> = {}): Promise<BackboneScript> {
  return backboneScript({ snapshot: { ...twoUrls, connections: [{ ...line, ...changes }] } });
}

function kill(...gateways: readonly ScriptedGateway[]): void {
  for (const { gateway } of gateways) gateway.lines.onAgent([down]);
}

test("the line that the sister used stands in the record where the call entered, and in the leg record", async () => {
  const script = await scriptWith();
  const { entry, near } = script;
  script.carrierInvite();
  respond(near, near.wire.expect("INVITE"), 486);
  lastOf(entry, 486);
  assert.equal(entry.ledger.records[0]?.attempts[0]?.connection, line.sid);
  assert.equal(near.ledger.legs[0]?.connection, line.sid);
});

test("a line that is dead on one gateway host: the other gateway of the edge is asked at once", async () => {
  const script = await scriptWith();
  const { entry, near, far } = script;
  kill(near);
  script.carrierInvite();
  near.wire.expectNothing();
  respond(far, far.wire.expect("INVITE"), 200, { body: answer });
  lastOf(entry, 200);
  assertNoFaults(script);
});

test("a line that is dead everywhere: its reason stands in the record, and the next URL is tried", async () => {
  const script = await scriptWith();
  const { entry, near, far } = script;
  kill(near, far);
  script.carrierInvite();
  respond(entry, lastOf(entry, "INVITE"), 486);
  const [first] = entry.ledger.records[0]?.attempts ?? [];
  assert.deepEqual(
    [first?.candidateSid, first?.reason?.code, first?.remote],
    ["OU1", reasons.connectionDown.code, null],
  );
  assertNoFaults(script);
});

test("a line that falls back to the internet: from where the call entered, before the next URL", async () => {
  const script = await scriptWith({ fallback: "public" });
  const { entry, near, far } = script;
  kill(near, far);
  script.carrierInvite();
  const sent = entry.wire.expectSent("INVITE");
  assert.equal(sent.target?.address, "192.0.2.20");
  respond(entry, sent.text, 486);
  const views = attemptViews(entry.ledger.records[0]);
  assert.equal(views.length, 2);
  assert.equal(views[1], "failed OU1 san-jose-ix customers UDP 192.0.2.20:5080 486");
  assertNoFaults(script);
});

test("a line that dies while the sister's attempt is under way: reported at once", async () => {
  const script = await scriptWith();
  const { entry, near } = script;
  script.carrierInvite();
  near.wire.expect("INVITE");
  kill(near);
  lastOf(entry, "INVITE");
  const [first] = entry.gateway.calls.list();
  assert.ok(first !== undefined, "the call goes on");
  assertNoFaults(script);
});

test("asked to place a candidate over the internet, a gateway does so whatever the edge of it", () => {
  const asked = {
    keyId: 1,
    hop: 1,
    from: "entry",
    to: "gateway-1",
    timeMs: 0,
    callSid: "CA1",
    attemptIndex: 0,
    direction: "origination",
    candidateSid: "OU1",
    trunkSid: "TK1",
    accountSid: "AC1",
    callingNumber: "+442071838750",
    calledNumber: "+15550001111",
    rewritten: {},
    hasAlerted: false,
    overInternet: true,
    identity: "",
    nonce: "ab".repeat(16),
  } as const;
  for (const overInternet of [true, false]) {
    const call = originationCallOnTrunk({ snapshot: backboneSnapshot() });
    call.backboneRequest = { ...asked, overInternet };
    const verdict = exactRoute(call, stageServices());
    assert.equal(verdict.kind, overInternet ? "pass" : "refuse");
    assert.deepEqual(
      call.candidates.map(({ edge, network }) => [edge, network.kind]),
      overInternet ? [["ashburn-ix", "public"]] : [],
    );
  }
});
