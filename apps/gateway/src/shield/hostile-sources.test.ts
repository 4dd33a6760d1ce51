/** What strangers, scanners and forgers get from a whole gateway, and what customers get meanwhile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerChallenge, parseChallenge } from "@tandem/sip/digest";
import { type FlowDouble, flow, parsedResponse, request, responseTo } from "@tandem/sip/testing";
import { easeMs } from "../overload-control/loss-percentage.ts";
import { exampleCarrier, exampleTrunk, password, trunkHost } from "../testing/example-snapshot.ts";
import { type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";
import { unverifiedBanMs, verifiedBanMs } from "./ban-table.ts";
import { overloadedAboveMs, overloadSampleMs } from "./overload.ts";
import { credentialsHeardPerSecond, heardOfCustomersPerSecond } from "./shield.ts";
import { pointsOfRefusal, pointsUntilBan } from "./suspicion.ts";
import { unverifiedTransactionsPerSecond } from "./unverified-callers.ts";
import { rememberedForMs, verifiedForMs } from "./verified-sources.ts";

const stranger = flow("UDP", { interfaceName: "customers", remoteAddress: "198.51.100.99" });
const withPassword = { trunks: [exampleTrunk({ ipAccessControlListSids: [], credentialListSids: ["CL1"] })] };
const nowhere = { requestUri: "sip:100@203.0.113.1" };

let requests = 0;
function options(parts = {}): string {
  requests += 1;
  return request("OPTIONS", {
    ...nowhere,
    branch: `z9hG4bK-${requests}`,
    callId: `call-${requests}`,
    ...parts,
  });
}

/** An offer and the answer to a challenge. */
function credentials(challenge: string, secret: string, nonceCount = 1): [string, string][] {
  const parsed = parseChallenge(challenge);
  assert.ok(parsed.ok);
  const uri = `sip:+15557654321@${trunkHost}`;
  const how = { nonceCount, cnonce: "c" };
  const value = answerChallenge(parsed.value, { username: "pbx", password: secret }, "INVITE", uri, how);
  return [
    ["Content-Type", "application/sdp"],
    ["Proxy-Authorization", value],
  ];
}

function bannedSources(script: GatewayScript): readonly string[] {
  return script.gateway.door.shield.bans().map(({ address, cause }) => `${address} ${cause}`);
}

/** Asks as a stranger until that bans, or would. */
function misbehave(script: GatewayScript, on: FlowDouble): void {
  for (let point = 0; point < pointsUntilBan; point += 1) script.wire.inject(options(), on);
}

test("a stranger hears nothing, and is banned for a minute at the limit", async () => {
  const script = await gatewayScript();
  for (let point = 1; point < pointsUntilBan; point += 1) script.wire.inject(options(), stranger);
  assert.deepEqual(bannedSources(script), []);
  script.wire.inject(options(), stranger);
  assert.deepEqual(bannedSources(script), ["198.51.100.99 stranger"]);
  script.wire.expectNothing();
  assert.deepEqual(
    script.events.filter(({ event }) => event === "source-banned").map(({ fields }) => fields),
    [
      {
        interface: "customers",
        address: "198.51.100.99",
        cause: "stranger",
        seconds: unverifiedBanMs / 1000,
      },
    ],
  );
  script.clock.advance(unverifiedBanMs);
  assert.deepEqual(bannedSources(script), []);
});

test("what is no SIP counts as well", async () => {
  const script = await gatewayScript();
  for (let point = 0; point < pointsUntilBan; point += 1) script.wire.inject("\u0001\u0002junk", stranger);
  assert.deepEqual(bannedSources(script), ["198.51.100.99 stranger"]);
});

test("a scanner is banned by its first request, even when it knows a trunk", async () => {
  const script = await gatewayScript({ snapshot: withPassword });
  const scan = options({
    requestUri: `sip:100@${trunkHost}`,
    headerFields: [["User-Agent", "friendly-scanner"]],
  });
  script.wire.inject(scan, stranger);
  script.wire.expectNothing();
  assert.deepEqual(bannedSources(script), ["198.51.100.99 scanner"]);
});

test("over TCP the address is proven: the ban is long, and holds before a byte is read", async () => {
  const script = await gatewayScript();
  const connected = flow("TCP", { interfaceName: "customers", remoteAddress: "198.51.100.99" });
  misbehave(script, connected);
  const { shield } = script.gateway.door;
  assert.equal(shield.accepts("198.51.100.99", "customers"), false);
  assert.equal(shield.accepts("198.51.100.99", "carriers"), true);
  assert.equal(shield.counts().turnedAway, 1);
  script.clock.advance(verifiedBanMs - 1);
  assert.equal(shield.accepts("198.51.100.99", "customers"), false);
  script.clock.advance(1);
  assert.equal(shield.accepts("198.51.100.99", "customers"), true);
});

test("a listed source and a private line are never banned", async () => {
  const script = await gatewayScript();
  misbehave(script, script.customer);
  misbehave(script, script.carrier);
  misbehave(script, flow("UDP", { ...stranger, connection: `TX${"1".repeat(32)}` }));
  assert.deepEqual(bannedSources(script), []);
  script.invite();
  assert.equal(script.gateway.calls.size, 1);
});

test("in a banned source's name: a valid digest is heard, and lifts the ban", async () => {
  const script = await gatewayScript({ snapshot: withPassword });
  script.invite({}, stranger);
  const challenge = parsedResponse(script.wire.expect(407)).value("Proxy-Authenticate") ?? "";
  misbehave(script, stranger);
  assert.deepEqual(bannedSources(script), ["198.51.100.99 stranger"]);
  script.invite({ callId: "call-2", branch: "z9hG4bK-b" }, stranger);
  script.wire.expectNothing();
  script.invite(
    { callId: "call-3", branch: "z9hG4bK-c", headerFields: credentials(challenge, password) },
    stranger,
  );
  assert.deepEqual(bannedSources(script), []);
  assert.equal(script.gateway.calls.size, 1);
  assert.equal(script.gateway.door.shield.counts().liftedBans, 1);
  misbehave(script, stranger);
  assert.deepEqual(bannedSources(script), [], "for a while, what others send in its name does not harm it");
});

/** A digest customer that has called, and not since. */
async function idleCustomer(idleMs: number): Promise<{ script: GatewayScript; challenge: string }> {
  const script = await gatewayScript({ snapshot: withPassword });
  script.invite({}, stranger);
  const challenge = parsedResponse(script.wire.expect(407)).value("Proxy-Authenticate") ?? "";
  script.invite(
    { callId: "call-2", branch: "z9hG4bK-2", headerFields: credentials(challenge, password) },
    stranger,
  );
  script.wire.inject(responseTo(script.wire.expect("INVITE"), 486), script.carrier);
  script.clock.advance(idleMs);
  script.wire.ignoreSent();
  return { script, challenge };
}

test("a flood in the name of a customer that is idle: its first INVITE is challenged, its call lifts the ban", async () => {
  const { script } = await idleCustomer(verifiedForMs);
  misbehave(script, stranger);
  assert.deepEqual(bannedSources(script), ["198.51.100.99 stranger"]);
  misbehave(script, stranger);
  const first = request("INVITE", {
    requestUri: `sip:1@${trunkHost}`,
    headerFields: [["X-Long", "x".repeat(400)]],
    callId: "call-3",
    branch: "z9hG4bK-3",
  });
  script.wire.inject(first, stranger);
  const challenged = script.wire.expect(407);
  assert.ok(challenged.length <= first.length, "worth nothing to who writes another's address");
  assert.equal(script.gateway.door.shield.counts().bannedSources, 1);
  const headerFields = credentials(parsedResponse(challenged).value("Proxy-Authenticate") ?? "", password);
  script.invite({ callId: "call-4", branch: "z9hG4bK-4", headerFields }, stranger);
  assert.deepEqual(bannedSources(script), []);
  assert.ok(script.gateway.calls.bySipCallId("call-4") !== undefined);
});

test("what else comes in the name of an idle customer is not heard, nor after a day anything", async () => {
  const { script } = await idleCustomer(verifiedForMs);
  misbehave(script, stranger);
  const toTrunk = { requestUri: `sip:1@${trunkHost}` };
  for (const [method, parts] of [
    ["OPTIONS", toTrunk],
    ["MESSAGE", toTrunk],
    ["INVITE", { requestUri: "sip:1@other.example" }],
    ["INVITE", { ...toTrunk, toTag: "gone" }],
  ] as const) {
    script.wire.inject(request(method, { callId: "call-3", branch: "z9hG4bK-3", ...parts }), stranger);
    script.wire.expectNothing();
  }
  const later = (await idleCustomer(rememberedForMs)).script;
  misbehave(later, stranger);
  later.invite({ callId: "call-3", branch: "z9hG4bK-3" }, stranger);
  later.wire.expectNothing();
});

test("so many first INVITEs, and so many with credentials, are heard of a banned customer in a second", async () => {
  const { script, challenge } = await idleCustomer(verifiedForMs);
  misbehave(script, stranger);
  let calls = 100;
  const call = (headerFields: [string, string][]): void => {
    calls += 1;
    script.invite({ callId: `call-${calls}`, branch: `z9hG4bK-${calls}`, headerFields }, stranger);
  };
  const padded: [string, string][] = [["X-Long", "x".repeat(400)]];
  for (let heard = 0; heard < heardOfCustomersPerSecond; heard += 1) {
    call(padded);
    script.wire.expect(407);
  }
  call(padded);
  script.wire.expectNothing();
  for (let heard = 0; heard < heardOfCustomersPerSecond; heard += 1) {
    call(credentials(challenge, "wrong", calls));
    // Its nonce is older than nonces get: it hears that it is stale.
    script.wire.expect(407);
  }
  call(credentials(challenge, "wrong", calls));
  script.wire.expectNothing();
  script.clock.advance(1000);
  script.wire.ignoreSent();
  call(padded);
  script.wire.expect(407);
});

test("a CANCEL of a banned source is heard when its INVITE is being answered", async () => {
  const trunks = [
    exampleTrunk({
      ipAccessControlListSids: [],
      credentialListSids: ["CL1"],
      timers: { firstResponseSeconds: 4, progressSeconds: 20, ringSeconds: 3600 },
    }),
  ];
  const timers = { firstResponseSeconds: 4, progressSeconds: 20, ringSeconds: 3600 };
  const script = await gatewayScript({ snapshot: { trunks, carriers: [exampleCarrier({ timers })] } });
  script.invite({}, stranger);
  const challenge = parsedResponse(script.wire.expect(407)).value("Proxy-Authenticate") ?? "";
  const headerFields = credentials(challenge, password);
  script.invite({ callId: "call-2", branch: "z9hG4bK-2", headerFields }, stranger);
  script.wire.inject(responseTo(script.wire.expect("INVITE"), 180), script.carrier);
  script.clock.advance(verifiedForMs);
  misbehave(script, stranger);
  assert.deepEqual(bannedSources(script), ["198.51.100.99 stranger"]);
  script.wire.ignoreSent();
  const cancel = (parts = {}): string =>
    request("CANCEL", {
      requestUri: `sip:+15557654321@${trunkHost}`,
      callId: "call-2",
      branch: "z9hG4bK-2",
      ...parts,
    });
  const elsewhere = flow("UDP", { interfaceName: "customers", remoteAddress: "198.51.100.98" });
  misbehave(script, elsewhere);
  script.wire.inject(cancel({ branch: "z9hG4bK-other" }), stranger);
  script.wire.inject(cancel({ sentBy: "192.0.2.77:5060" }), stranger);
  script.wire.inject(cancel(), elsewhere);
  script.wire.expectNothing();
  script.wire.inject(cancel(), stranger);
  script.wire.expect(200);
  script.wire.expect(487);
});

test("wrong passwords ban; the last one before the limit does not", async () => {
  const script = await gatewayScript({ snapshot: withPassword });
  script.invite({}, stranger);
  const challenge = parsedResponse(script.wire.expect(407)).value("Proxy-Authenticate") ?? "";
  const tries = pointsUntilBan / pointsOfRefusal;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    assert.deepEqual(bannedSources(script), []);
    const headerFields = credentials(challenge, "wrong", attempt);
    script.invite({ callId: `try-${attempt}`, branch: `z9hG4bK-${attempt}`, headerFields }, stranger);
    script.wire.expect(403);
  }
  assert.deepEqual(bannedSources(script), ["198.51.100.99 wrong-credentials"]);
  for (let attempt = 0; attempt <= credentialsHeardPerSecond; attempt += 1) {
    const headerFields = credentials(challenge, "wrong", 100 + attempt);
    script.invite({ callId: `more-${attempt}`, branch: `z9hG4bK-m${attempt}`, headerFields }, stranger);
    if (attempt < credentialsHeardPerSecond) script.wire.expect(403);
    else script.wire.expectNothing();
  }
});

test("a challenge leaves nothing behind and is not repeated; nor is a refusal", async () => {
  const script = await gatewayScript({ snapshot: withPassword });
  script.invite({}, stranger);
  const challenged = parsedResponse(script.wire.expect(407));
  assert.equal(script.gateway.counts()["serverTransactions"], 0);
  script.wire.inject(request("ACK", { requestUri: `sip:1@${trunkHost}`, toTag: challenged.toTag }), stranger);
  const headerFields = credentials(challenged.value("Proxy-Authenticate") ?? "", "wrong");
  script.invite({ callId: "call-2", branch: "z9hG4bK-2", headerFields }, stranger);
  script.wire.expect(403);
  script.clock.advance(10_000);
  script.wire.expectNothing();
});

test("a short request gets a longer answer five times a minute, then nothing", async () => {
  const script = await gatewayScript({ snapshot: withPassword });
  const short = (): string =>
    request("INVITE", {
      requestUri: `sip:1@${trunkHost}`,
      branch: `z9hG4bK-${requests++}`,
      callId: `s${requests}`,
    });
  for (let answer = 0; answer < 5; answer += 1) {
    script.wire.inject(short(), stranger);
    script.wire.expect(407);
  }
  script.wire.inject(short(), stranger);
  script.wire.expectNothing();
  const long = request("INVITE", {
    requestUri: `sip:1@${trunkHost}`,
    headerFields: [["X-Long", "x".repeat(400)]],
    callId: "long",
  });
  script.wire.inject(long, stranger);
  assert.ok(script.wire.expect(407).length <= long.length);
});

test("what may be anybody's begins so many transactions a second, and no more", async () => {
  const script = await gatewayScript({ snapshot: withPassword });
  const info = (source: number): void =>
    script.wire.inject(
      request("MESSAGE", {
        requestUri: `sip:1@${trunkHost}`,
        branch: `z9hG4bK-${source}`,
        callId: `m${source}`,
      }),
      flow("UDP", { interfaceName: "customers", remoteAddress: `10.1.${source >> 8}.${source & 255}` }),
    );
  for (let source = 0; source < unverifiedTransactionsPerSecond; source += 1) {
    info(source);
    script.wire.expect(405);
  }
  info(unverifiedTransactionsPerSecond);
  script.wire.expectNothing();
  info(0);
  script.wire.expect(405);
  script.clock.advance(1000);
  info(unverifiedTransactionsPerSecond);
  script.wire.expect(405);
});

test("overloaded: new work gets 503 and leaves nothing behind, a call that is up goes on", async () => {
  const script = await gatewayScript();
  script.invite();
  script.wire.expect("INVITE");
  for (let sample = 0; sample < 2; sample += 1) {
    script.clock.stall(overloadSampleMs + overloadedAboveMs + 1);
    script.clock.advance(0);
  }
  script.wire.expect(100);
  for (const _copy of [1, 2]) script.wire.expect("INVITE");
  const before = script.gateway.counts()["serverTransactions"];
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  const refused = parsedResponse(script.wire.expect(503));
  assert.equal(refused.has("Retry-After"), false, "RFC 7339 §5.10.2");
  script.carrierInvite({ callId: "call-3", branch: "z9hG4bK-3" });
  script.wire.expect(503);
  assert.equal(script.gateway.counts()["serverTransactions"], before);
  assert.equal(script.gateway.door.overload.refused, 2);
  assert.equal(script.gateway.calls.size, 1);
  script.invite();
  script.wire.expect(100);
  script.wire.inject(request("CANCEL", { requestUri: `sip:+15557654321@${trunkHost}` }), script.customer);
  script.wire.expect(200);
  script.clock.advance(2 * overloadSampleMs);
  script.clock.advance(easeMs);
  script.invite({ callId: "call-4", branch: "z9hG4bK-4" });
  assert.ok(script.gateway.calls.bySipCallId("call-4") !== undefined);
});

test("control sees the bans, and lifts one", async () => {
  const script = await gatewayScript();
  misbehave(script, stranger);
  const ban = { interface: "customers", address: "198.51.100.99", cause: "stranger", verified: false };
  const expected = { ok: true, name: "bans", bans: [{ ...ban, secondsLeft: unverifiedBanMs / 1000 }] };
  assert.deepEqual(script.gateway.perform({ name: "bans" }), expected);
  const lift = (address: string): unknown => script.gateway.perform({ name: "lift-ban", address });
  assert.deepEqual(lift("198.51.100.98"), { ok: true, name: "lift-ban", lifted: 0 });
  assert.deepEqual(lift("198.51.100.99"), { ok: true, name: "lift-ban", lifted: 1 });
  assert.deepEqual(script.gateway.perform({ name: "bans" }), { ok: true, name: "bans", bans: [] });
});
