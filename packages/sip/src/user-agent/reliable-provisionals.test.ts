import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AgentScript,
  agentScript,
  expectNothingLeft,
  parsedResponse,
  type RequestParts,
  request,
} from "../testing/index.ts";
import type { InviteUas } from "./invite-uas.ts";
import type { InviteUsageUser } from "./invite-usage.ts";
import { maximumWaitingProvisionals } from "./reliable-provisionals.ts";

interface Script extends AgentScript {
  readonly invite: InviteUas;
  readonly heard: string[];
  readonly user: InviteUsageUser;
}

function script(): Script {
  const base = agentScript();
  const invites: InviteUas[] = [];
  const heard: string[] = [];
  base.agent.setCore({ onInvite: (invite) => invites.push(invite), onOutOfDialogRequest: () => {} });
  base.wire.inject(request("INVITE"));
  const invite = invites[0];
  assert.ok(invite !== undefined);
  invite.setUser({
    onCancelled: (how) => heard.push(`cancelled ${how}`),
    onNoPrack: () => {
      heard.push("no PRACK");
      invite.reject(504);
    },
  });
  const user: InviteUsageUser = {
    onRequest: (one, transaction) => {
      heard.push(`request ${one.method}`);
      transaction.respond(base.agent.response(one, transaction.flow, 200));
    },
    onAck: () => heard.push("ack"),
    onNoAck: () => heard.push("no ack"),
  };
  return { ...base, invite, heard, user };
}

/** Sends a 183 reliably; its RSeq. */
function progress({ invite, user, wire }: Script, toTag = "t1", body = ""): number {
  invite.provisionalReliably(183, toTag, { body }, user);
  return rseqOf(wire.expect(183));
}

function rseqOf(text: string): number {
  const response = parsedResponse(text);
  assert.equal(response.value("Require"), "100rel");
  return Number(response.value("RSeq"));
}

function prack(rack: string, sequenceNumber = 2, parts: RequestParts = {}): string {
  const branch = `z9hG4bK-prack-${sequenceNumber}`;
  const headerFields = rack === "" ? [] : [["RAck", rack] as const];
  return request("PRACK", { toTag: "t1", sequenceNumber, branch, headerFields, ...parts });
}

test("a reliable response is repeated after T1, doubling without a limit, until its PRACK (RFC 3262 §3)", () => {
  const one = script();
  const rseq = progress(one);
  assert.ok(rseq >= 1 && rseq < 2 ** 31);
  for (const delayMs of [500, 1000, 2000, 4000, 8000]) {
    one.clock.advance(delayMs - 1);
    one.wire.expectNothing();
    one.clock.advance(1);
    assert.equal(rseqOf(one.wire.expect(183)), rseq);
  }
  one.wire.inject(prack(`${rseq} 1 INVITE`));
  one.wire.expect(200);
  one.clock.advance(40_000);
  one.wire.expectNothing();
  one.invite.reject(486);
  one.wire.expect(486);
});

test("after 64*T1 without PRACK the user is told, and rejects the INVITE (RFC 3262 §3)", () => {
  const one = script();
  progress(one);
  one.clock.advance(31_999);
  for (let count = 0; count < 6; count += 1) one.wire.expect(183);
  one.wire.expectNothing();
  assert.deepEqual(one.heard, []);
  one.clock.advance(1);
  assert.deepEqual(one.heard, ["no PRACK"]);
  one.wire.expect(504);
  expectNothingLeft(one);
});

test("a PRACK that acknowledges nothing is answered with 481, one that says nothing with 400", () => {
  const one = script();
  const rseq = progress(one);
  for (const [index, rack] of [`${rseq + 1} 1 INVITE`, `${rseq} 2 INVITE`, `${rseq} 1 UPDATE`].entries()) {
    one.wire.inject(prack(rack, 2 + index));
    one.wire.expect(481);
  }
  for (const [index, rack] of ["", "x"].entries()) {
    one.wire.inject(prack(rack, 5 + index));
    one.wire.expect(400);
  }
  one.clock.advance(500);
  one.wire.expect(183);
  one.wire.inject(prack(`${rseq} 1 INVITE`, 7));
  one.wire.expect(200);
  one.wire.inject(prack(`${rseq} 1 INVITE`, 8));
  one.wire.expect(481);
  one.invite.reject(480);
  one.wire.expect(480);
});

test("PRACK in an early dialog whose responses were not reliable gets 481", () => {
  const one = script();
  one.invite.provisional(180, "t1");
  one.wire.expect(180);
  one.wire.inject(prack("1 1 INVITE"));
  one.wire.expect(481);
});

test("the next response waits for the PRACK of the one before, and counts on (RFC 3262 §3)", () => {
  const one = script();
  const rseq = progress(one);
  one.invite.provisionalReliably(180, "t1", {}, one.user);
  one.wire.expectNothing();
  one.wire.inject(prack(`${rseq} 1 INVITE`));
  one.wire.expect(200);
  assert.equal(rseqOf(one.wire.expect(180)), rseq + 1);
  one.invite.reject(480);
  one.wire.expect(480);
});

test("so many responses wait, and one more is dropped", () => {
  const one = script();
  let rseq = progress(one);
  for (let index = 0; index <= maximumWaitingProvisionals; index += 1) {
    one.invite.provisionalReliably(180, "t1", {}, one.user);
  }
  for (let index = 0; index < maximumWaitingProvisionals; index += 1) {
    one.wire.inject(prack(`${rseq} 1 INVITE`, 2 + index));
    one.wire.expect(200);
    rseq = rseqOf(one.wire.expect(180));
  }
  one.wire.inject(prack(`${rseq} 1 INVITE`, 90));
  one.wire.expect(200);
  one.wire.expectNothing();
});

test("early dialogs count for themselves", () => {
  const one = script();
  const first = progress(one, "t1");
  progress(one, "t2");
  one.wire.inject(prack(`${first} 1 INVITE`, 2, { toTag: "t2" }));
  // The chance that both numbers are the same is one in two thousand million.
  one.wire.expect(481);
  one.wire.inject(prack(`${first} 1 INVITE`, 2, { branch: "z9hG4bK-other" }));
  one.wire.expect(200);
});

test("a 2xx waits for the PRACK of a session description, and then has the dialog of the response", () => {
  const one = script();
  const rseq = progress(one, "t1", "v=0\r\n");
  const usage = one.invite.accept("t1", one.user);
  assert.ok(usage !== undefined);
  assert.equal(one.invite.hasAcknowledgedBody("t1"), false);
  assert.equal(one.invite.answer(usage, {}), true);
  one.wire.expectNothing();
  assert.equal(one.invite.state, "proceeding");
  one.wire.inject(prack(`${rseq} 1 INVITE`));
  one.wire.expect(200);
  assert.equal(parsedResponse(one.wire.expect(200)).cseqMethod, "INVITE");
  assert.equal(one.invite.hasAcknowledgedBody("t1"), true);
  one.wire.inject(request("ACK", { toTag: "t1", branch: "z9hG4bK-ack" }));
  assert.deepEqual(one.heard, ["ack"]);
  one.wire.inject(request("BYE", { toTag: "t1", sequenceNumber: 3, branch: "z9hG4bK-bye" }));
  one.wire.expect(200);
  assert.deepEqual(one.heard, ["ack", "request BYE"]);
  usage.close();
  expectNothingLeft(one);
});

test("a 2xx that waits for a PRACK that never comes is not sent", () => {
  const one = script();
  progress(one, "t1", "v=0\r\n");
  const usage = one.invite.accept("t1", one.user);
  assert.ok(usage !== undefined);
  one.invite.answer(usage, {});
  one.clock.advance(32_000);
  for (let count = 0; count < 6; count += 1) one.wire.expect(183);
  one.wire.expect(504);
  usage.close();
  expectNothingLeft(one);
});

test("a 2xx does not wait for a response without a body; its late PRACK is taken in the confirmed dialog", () => {
  const one = script();
  const rseq = progress(one);
  const usage = one.invite.accept("t1", one.user);
  assert.ok(usage !== undefined);
  one.invite.answer(usage, {});
  one.wire.expect(200);
  one.wire.inject(request("ACK", { toTag: "t1", branch: "z9hG4bK-ack" }));
  one.clock.advance(10_000);
  one.wire.expectNothing();
  one.wire.inject(prack(`${rseq} 1 INVITE`));
  one.wire.expect(200);
  assert.deepEqual(one.heard, ["ack"]);
  usage.close();
  expectNothingLeft(one);
});

test("after a refusal nothing is repeated, and a PRACK that is still on its way is taken (RFC 3262 §3)", () => {
  const one = script();
  const rseq = progress(one);
  one.invite.reject(486);
  one.wire.expect(486);
  one.wire.inject(request("ACK", { toTag: "t1" }));
  one.clock.advance(10_000);
  one.wire.expectNothing();
  one.wire.inject(prack(`${rseq} 1 INVITE`));
  one.wire.expect(200);
  one.wire.inject(prack(`${rseq} 1 INVITE`, 3));
  one.wire.expect(481);
  expectNothingLeft(one);
});

test("a BYE in the early dialog gives the call up", () => {
  const one = script();
  progress(one);
  one.wire.inject(request("BYE", { toTag: "t1", sequenceNumber: 2, branch: "z9hG4bK-bye" }));
  one.wire.expect(200);
  one.wire.expect(487);
  assert.deepEqual(one.heard, ["cancelled bye"]);
  expectNothingLeft(one);
});

test("other requests in the early dialog are the user's, in their order", () => {
  const one = script();
  progress(one);
  one.wire.inject(request("UPDATE", { toTag: "t1", sequenceNumber: 3, branch: "z9hG4bK-update" }));
  one.wire.expect(200);
  assert.deepEqual(one.heard, ["request UPDATE"]);
  one.wire.inject(request("UPDATE", { toTag: "t1", sequenceNumber: 2, branch: "z9hG4bK-old" }));
  one.wire.expect(500);
});

test("the first RSeq is between 1 and 2^31 - 1, and not always the same (RFC 3262 §3)", () => {
  const numbers = Array.from({ length: 20 }, () => {
    const one = script();
    const rseq = progress(one);
    one.agent.layer.close();
    return rseq;
  });
  for (const rseq of numbers) assert.ok(rseq >= 1 && rseq <= 2 ** 31 - 1, String(rseq));
  assert.ok(new Set(numbers).size > 1);
});
