import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { HeaderFields } from "@tandem/sip/message";
import { flow, parsedRequest, type RequestParts, request } from "@tandem/sip/testing";
import { backboneSecret, backboneSnapshot, gatewayRow } from "../testing/backbone-script.ts";
import { BackboneGate, type Silence } from "./backbone-gate.ts";
import { type BackboneRequest, writeBackboneRequest } from "./backbone-request.ts";
import { sign } from "./backbone-signature.ts";
import { requestParts } from "./signed-parts.ts";
import { SisterDirectory } from "./sister-directory.ts";

const key = { id: 1, secret: backboneSecret };
const snapshot = backboneSnapshot({
  gateways: [gatewayRow("a", "ashburn", "100.64.0.1"), gatewayRow("c", "ashburn", "100.64.0.3")],
  backboneKeys: [{ id: 9, secret: "77".repeat(32) }, key],
});
const body = "v=0\r\n";
const from = "<sip:+442071838750@tandem.test>";

const asked: BackboneRequest = {
  keyId: 1,
  hop: 1,
  from: "a",
  to: "b",
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
  overInternet: false,
  identity: "",
  nonce: "0123456789abcdef0123456789abcdef",
};

interface Case {
  readonly asked?: Partial<BackboneRequest>;
  readonly secret?: string;
  /** What becomes of the signed value on the way. */
  readonly tamper?: (value: string) => string;
  readonly invite?: RequestParts;
  readonly remoteAddress?: string;
  readonly seen?: readonly string[];
  /** So long ago this gateway started. Default: long ago. */
  readonly upMs?: number;
  /** The clock of its machine was set by so much meanwhile. */
  readonly setByMs?: number;
}

/** What the gate of gateway b says to an INVITE that is right but for what the case changes. */
function judged(one: Case = {}, method = "INVITE"): string {
  const clock = new HandClock();
  const sisters = SisterDirectory.from(snapshot, "b");
  const gate = new BackboneGate({
    clock,
    gateway: "b",
    replays: { has: (nonce) => one.seen?.includes(nonce) === true },
    startedMs: clock.monotonicMs() - (one.upMs ?? 3_600_000),
    isKnown: (request) => request.branch === "z9hG4bK-known",
    sisters: () => sisters,
  });
  clock.setWall(one.setByMs ?? 0);
  const claim = { ...asked, timeMs: clock.wallMs(), ...one.asked };
  const parts = requestParts(
    { callId: "call-1", fromTag: "alice-tag", body },
    {
      requestUri: "sip:OU1@100.64.0.2:5060",
      from,
      headerFields: new HeaderFields([{ name: "X-A", value: "1" }]),
    },
  );
  const value = sign({ id: 1, secret: one.secret ?? key.secret }, writeBackboneRequest(claim), parts);
  const text = request(method, {
    requestUri: "sip:OU1@100.64.0.2:5060",
    from,
    body,
    headerFields: [
      ["X-A", "1"],
      ["X-Tandem-Backbone", one.tamper?.(value) ?? value],
    ],
    ...one.invite,
  });
  const on = flow("UDP", { interfaceName: "backbone", remoteAddress: one.remoteAddress ?? "100.64.0.1" });
  const verdict = gate.judge(parsedRequest(text), on, snapshot);
  if (verdict.kind === "silence") return verdict.why;
  return verdict.request === undefined ? "of a call" : `request ${verdict.request.candidateSid}`;
}

const swapped = (member: string, to: string) => ({
  tamper: (value: string) => {
    const changed = value.replace(new RegExp(`(^|;)${member}=[^;]*`), `$1${member}=${to}`);
    assert.notEqual(changed, value, member);
    return changed;
  },
});

test("what a sister signed is taken", () => {
  assert.equal(judged(), "request OU1");
  assert.equal(judged({ asked: { from: "c" }, remoteAddress: "100.64.0.3" }), "request OU1");
});

const altered: [what: string, one: Case, why: Silence][] = [
  ["key", swapped("key", "9"), "wrong-signature"],
  ["unknown key", swapped("key", "2"), "unknown-key"],
  ["hop", swapped("hop", "2"), "wrong-signature"],
  ["from", swapped("from", "c"), "wrong-signature"],
  ["to", swapped("to", "x"), "wrong-signature"],
  ["time", swapped("time", "1"), "wrong-signature"],
  ["call", swapped("call", "CA2"), "wrong-signature"],
  ["attempt", swapped("attempt", "1"), "wrong-signature"],
  ["direction", swapped("direction", "termination"), "wrong-signature"],
  ["candidate", swapped("candidate", "OU2"), "wrong-signature"],
  ["trunk", swapped("trunk", "TK2"), "wrong-signature"],
  ["account", swapped("account", "AC2"), "wrong-signature"],
  ["calling", swapped("calling", "+15550009999"), "wrong-signature"],
  ["called", swapped("called", "+15550009999"), "wrong-signature"],
  ["alerted", swapped("alerted", "1"), "wrong-signature"],
  ["internet", swapped("internet", "1"), "wrong-signature"],
  ["nonce", swapped("nonce", "f".repeat(32)), "wrong-signature"],
  ["mac", swapped("mac", "0".repeat(64)), "wrong-signature"],
  ["mac too short", swapped("mac", "00"), "wrong-signature"],
  ["a member more", { tamper: (value) => value.replace(";nonce", ";x=1;nonce") }, "wrong-signature"],
  ["version", swapped("v", "2"), "malformed"],
  ["secret", { secret: "66".repeat(32) }, "wrong-signature"],
  ["Call-ID", { invite: { callId: "call-2" } }, "wrong-signature"],
  ["From tag", { invite: { fromTag: "mallory-tag" } }, "wrong-signature"],
  ["From", { invite: { from: '"Mallory" <sip:+442071838750@tandem.test>' } }, "wrong-signature"],
  ["Request-URI", { invite: { requestUri: "sip:OU2@100.64.0.2:5060" } }, "wrong-signature"],
  ["body", { invite: { body: "v=1\r\n" } }, "wrong-signature"],
];

for (const [what, one, why] of altered) {
  test(`altered on the way: ${what}`, () => assert.equal(judged(one), why));
}

test("a header field that reaches the far end is signed; one that does not is free", () => {
  const value = (name: string, other: string): Case => ({
    tamper: (signed) => `${signed}\r\n${name}: ${other}`,
  });
  assert.equal(judged(value("Diversion", "<sip:+1@x>")), "wrong-signature");
  assert.equal(judged(value("Route", "<sip:p;lr>")), "request OU1");
});

const signedWell: [what: string, one: Case, why: Silence][] = [
  ["addressed to another gateway", { asked: { to: "c" } }, "not-for-us"],
  ["a second hop", { asked: { hop: 2 } }, "too-many-hops"],
  ["no hop", { asked: { hop: 0 } }, "too-many-hops"],
  ["in the name of another sister", { asked: { from: "c" } }, "wrong-sender"],
  ["from an address of nobody", { remoteAddress: "100.64.0.9" }, "unknown-source"],
  ["seen before", { seen: [asked.nonce] }, "replayed"],
];

for (const [what, one, why] of signedWell) {
  test(`signed well, but ${what}`, () => assert.equal(judged(one), why));
}

test("30 s old or ahead is taken, a millisecond more is not", () => {
  const now = new HandClock().wallMs();
  for (const timeMs of [now - 30_000, now + 30_000])
    assert.equal(judged({ asked: { timeMs } }), "request OU1");
  for (const timeMs of [now - 30_001, now + 30_001]) assert.equal(judged({ asked: { timeMs } }), "too-old");
});

test("signed before this gateway started: an earlier life of it may have taken it", () => {
  const startedAtMs = new HandClock().wallMs() - 1000;
  assert.equal(judged({ upMs: 1000, asked: { timeMs: startedAtMs } }), "request OU1");
  assert.equal(judged({ upMs: 1000, asked: { timeMs: startedAtMs - 1 } }), "before-start");
});

test("the start is known by the monotonic clock: one that was ahead and is set right makes nobody wait", () => {
  for (const setByMs of [-3_600_000, 3_600_000]) {
    const startedAtMs = new HandClock().wallMs() + setByMs - 1000;
    assert.equal(judged({ upMs: 1000, setByMs, asked: { timeMs: startedAtMs } }), "request OU1");
    assert.equal(judged({ upMs: 1000, setByMs, asked: { timeMs: startedAtMs - 1 } }), "before-start");
  }
});

test("without the header field, or with two of them: unsigned", () => {
  assert.equal(judged({ invite: { headerFields: [] } }), "unsigned");
  assert.equal(judged({ tamper: (value) => `${value}\r\nX-Tandem-Backbone: ${value}` }), "unsigned");
});

test("what belongs to an INVITE that was taken needs no signature, and OPTIONS none; other methods get silence", () => {
  for (const method of ["ACK", "CANCEL", "OPTIONS"]) assert.equal(judged({}, method), "of a call");
  assert.equal(judged({ invite: { toTag: "ours", headerFields: [] } }, "BYE"), "of a call");
  assert.equal(judged({ invite: { branch: "z9hG4bK-known" }, seen: [asked.nonce] }), "of a call");
  for (const method of ["REGISTER", "MESSAGE", "SUBSCRIBE", "BYE"]) {
    assert.equal(judged({}, method), "unexpected-method");
  }
  for (const method of ["ACK", "CANCEL", "OPTIONS", "BYE"]) {
    assert.equal(judged({ remoteAddress: "100.64.0.9" }, method), "unknown-source");
  }
});
