import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { type BackboneReply, readBackboneReply, writeBackboneReply } from "./backbone-reply.ts";
import { type BackboneRequest, readBackboneRequest, writeBackboneRequest } from "./backbone-request.ts";
import { readReasonValue, writeReasonValue } from "./reason-value.ts";
import {
  maximumStructuredCharacters,
  maximumStructuredMembers,
  readStructured,
  writeStructured,
} from "./structured-value.ts";

const request: BackboneRequest = {
  keyId: 255,
  hop: 1,
  from: "ashburn-1",
  to: "san-jose-1",
  timeMs: 1_800_000_000_123,
  callSid: `CA${"0".repeat(32)}`,
  attemptIndex: 2,
  direction: "termination",
  candidateSid: "CG1",
  trunkSid: "TK1",
  accountSid: "AC1",
  callingNumber: 'an "odd"; name=\u00e9%',
  calledNumber: "+15550001111",
  rewritten: { to: undefined, from: undefined },
  hasAlerted: true,
  overInternet: true,
  identity: "kept-A",
  nonce: "ab".repeat(16),
};

test("a request reads as it was written, whatever stands in its numbers", () => {
  assert.deepEqual(readBackboneRequest(writeBackboneRequest(request)), request);
  const other = {
    ...request,
    callingNumber: "",
    direction: "origination",
    hasAlerted: false,
    overInternet: false,
    identity: "",
  } as const;
  assert.deepEqual(readBackboneRequest(writeBackboneRequest(other)), other);
  const shown = { ...request, rewritten: { to: "0123;#", from: "anonymous" } };
  assert.deepEqual(readBackboneRequest(writeBackboneRequest(shown)), shown);
  assert.match(writeBackboneRequest(request), /^[\x21-\x7e]+$/);
});

test("each member of a request is needed, and has its form", () => {
  const written = writeBackboneRequest(request);
  for (const member of written.split(";").map((one) => one.split("=")[0] ?? "")) {
    if (["alerted", "internet", "identity"].includes(member)) continue;
    const without = written.split(";").filter((one) => !one.startsWith(`${member}=`));
    assert.equal(readBackboneRequest(without.join(";")), undefined, member);
  }
  for (const changes of [
    { nonce: "AB".repeat(16) },
    { nonce: "ab" },
    { attemptIndex: 1000 },
    { attemptIndex: -1 },
    { timeMs: 1.5 },
    { from: "g".repeat(65) },
    { calledNumber: "1".repeat(1025) },
    { direction: "sideways" as "origination" },
  ]) {
    assert.equal(readBackboneRequest(writeBackboneRequest({ ...request, ...changes })), undefined);
  }
  const atLimits = { ...request, attemptIndex: 999, from: "g".repeat(64), calledNumber: "1".repeat(1024) };
  assert.deepEqual(readBackboneRequest(writeBackboneRequest(atLimits)), atLimits);
});

test("a reply reads as it was written, full and empty", () => {
  const full: BackboneReply = {
    keyId: 1,
    from: "b",
    to: "a",
    nonce: "cd".repeat(16),
    result: "timeout-ring",
    edge: "san-jose-ix",
    interfaceName: "line of acme",
    connection: "TX1",
    remote: "UDP [2001:db8::1]:5060",
    redirectedTo: "sip:bob@192.0.2.1;transport=tcp",
    retryAfterSeconds: 30,
  };
  assert.deepEqual(readBackboneReply(writeBackboneReply(full)), full);
  const empty = {
    ...full,
    result: undefined,
    interfaceName: undefined,
    connection: undefined,
    remote: undefined,
    redirectedTo: undefined,
    retryAfterSeconds: undefined,
  };
  assert.deepEqual(readBackboneReply(writeBackboneReply(empty)), empty);
  assert.equal(readBackboneReply(writeBackboneReply(full).replace("timeout-ring", "perhaps")), undefined);
  assert.equal(readBackboneReply(writeBackboneReply(full).replace("v=1", "v=2")), undefined);
  for (const member of ["from", "to", "nonce", "edge"]) {
    const without = writeBackboneReply(full).replace(new RegExp(`;${member}=[^;]*`), "");
    assert.equal(readBackboneReply(without), undefined, member);
  }
});

test("structured values: no name twice, no bare bytes, nothing past the limits", () => {
  assert.deepEqual(
    readStructured("a=1;b=%3b%20"),
    new Map([
      ["a", "1"],
      ["b", "; "],
    ]),
  );
  for (const text of ["", "a", "=1", "a=1;a=2", "a=1;", "a=\u00e9", "a=%3B", "a=%3", "a=b c"]) {
    assert.equal(readStructured(text), undefined, text);
  }
  const members = Array.from(
    { length: maximumStructuredMembers + 1 },
    (_, index) => [`m${index}`, 1] as const,
  );
  assert.equal(readStructured(writeStructured(members.slice(1)))?.size, maximumStructuredMembers);
  assert.equal(readStructured(writeStructured(members)), undefined);
  const long = (characters: number): string => `a=${"1".repeat(characters - 2)}`;
  assert.equal(readStructured(long(maximumStructuredCharacters))?.size, 1);
  assert.equal(readStructured(long(maximumStructuredCharacters + 1)), undefined);
});

test("a reason and its text cross; what is no reason of ours does not", () => {
  const value = writeReasonValue(reasons.transportError, 'no route; "x"');
  assert.deepEqual(readReasonValue(value), { reason: reasons.transportError, text: 'no route; "x"' });
  assert.equal(readReasonValue(String(reasons.transportError.code))?.text, reasons.transportError.text);
  assert.equal(readReasonValue(writeReasonValue(reasons.draining, "x".repeat(500)))?.text.length, 400);
  for (const text of ["", "12345;text=a", "x;text=a", "99999"])
    assert.equal(readReasonValue(text), undefined);
});
