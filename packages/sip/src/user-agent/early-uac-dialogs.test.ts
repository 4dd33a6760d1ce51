import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AgentScript,
  agentScript,
  expectNothingLeft,
  outgoing,
  parsedRequest,
  type ResponseParts,
  request,
  response,
  responseTo,
  target,
} from "../testing/index.ts";
import { maximumEarlyDialogs } from "./early-uac-dialogs.ts";
import { InviteUac } from "./invite-uac.ts";
import type { InviteUsage } from "./invite-usage.ts";
import type { ReliableResponse } from "./reliable-response.ts";

interface Script extends AgentScript {
  readonly uac: InviteUac;
  readonly heard: string[];
  readonly reliable: ReliableResponse[];
  readonly usages: InviteUsage[];
  readonly invite: string;
}

function script(): Script {
  const base = agentScript();
  const heard: string[] = [];
  const reliable: ReliableResponse[] = [];
  const usages: InviteUsage[] = [];
  const user = {
    onProvisional: (one: { statusCode: number }, _invite: InviteUac, is: ReliableResponse | undefined) => {
      heard.push(`${one.statusCode}${is === undefined ? "" : " reliable"}`);
      if (is !== undefined) reliable.push(is);
    },
    onAnswer: (_response: unknown, usage: InviteUsage) => usages.push(usage),
    onRejected: (one: { statusCode: number }) => heard.push(`rejected ${one.statusCode}`),
    onFailed: (kind: string) => heard.push(`failed ${kind}`),
  };
  const usageUser = {
    onRequest: (one: { method: string }) => heard.push(`request ${one.method}`),
    onAck: () => {},
    onNoAck: () => {},
  };
  const uac = new InviteUac(base.agent, outgoing("INVITE"), target(), user, usageUser);
  uac.send();
  return { ...base, uac, heard, reliable, usages, invite: base.wire.expect("INVITE") };
}

function provisional(one: Script, statusCode: number, rseq: string, parts: ResponseParts = {}): void {
  const headerFields = [["Require", "100rel"] as const, ["RSeq", rseq] as const];
  one.wire.inject(responseTo(one.invite, statusCode, { headerFields, ...parts }));
}

test("a reliable response opens an early dialog, and its PRACK names it (RFC 3262 §4)", () => {
  const one = script();
  provisional(one, 183, "17", { contact: "<sip:bob@192.0.2.8:5090>" });
  assert.deepEqual(one.heard, ["183 reliable"]);
  one.wire.expectNothing();
  one.reliable[0]?.acknowledge();
  const { text, target: to } = one.wire.expectSent("PRACK");
  const prack = parsedRequest(text);
  assert.equal(prack.value("RAck"), "17 7 INVITE");
  assert.equal(prack.value("CSeq"), "8 PRACK");
  assert.equal(prack.requestUri, "sip:bob@192.0.2.8:5090");
  assert.equal(prack.toTag, "bob-tag");
  assert.equal(to?.address, "192.0.2.8");
  one.reliable[0]?.acknowledge();
  one.wire.expectNothing();
});

test("a response that comes again, or after one that is missing, is nobody's (RFC 3262 §4)", () => {
  const one = script();
  for (const rseq of ["17", "17", "19", "16", "x"]) provisional(one, 180, rseq);
  assert.deepEqual(one.heard, ["180 reliable"]);
  provisional(one, 180, "18");
  assert.deepEqual(one.heard, ["180 reliable", "180 reliable"]);
});

test("RSeq without Require, and a 100, are not reliable", () => {
  const one = script();
  one.wire.inject(responseTo(one.invite, 180, { headerFields: [["RSeq", "1"]] }));
  provisional(one, 100, "1");
  one.wire.inject(
    responseTo(one.invite, 100, {
      toTag: "bob-tag",
      headerFields: [
        ["Require", "100rel"],
        ["RSeq", "1"],
      ],
    }),
  );
  one.wire.inject(responseTo(one.invite, 180, { headerFields: [["Require", "100rel"]] }));
  assert.deepEqual(one.heard, ["180", "100", "100", "180"]);
  assert.equal(one.reliable.length, 0);
});

test("the 2xx confirms the early dialog: sequence numbers go on, its Contact and route hold", () => {
  const one = script();
  provisional(one, 183, "1");
  one.reliable[0]?.acknowledge();
  one.wire.expect("PRACK");
  one.wire.inject(response(200));
  one.wire.inject(responseTo(one.invite, 200, { contact: "<sip:bob@192.0.2.9>" }));
  const usage = one.usages[0];
  assert.ok(usage !== undefined);
  assert.equal(usage, one.reliable[0]?.usage);
  assert.equal(usage.dialog.state, "confirmed");
  usage.acknowledge(7);
  const ack = parsedRequest(one.wire.expect("ACK"));
  assert.equal(ack.value("CSeq"), "7 ACK");
  assert.equal(ack.requestUri, "sip:bob@192.0.2.9");
  usage.bye();
  assert.equal(parsedRequest(one.wire.expect("BYE")).value("CSeq"), "9 BYE");
  one.wire.inject(response(200));
  expectNothingLeft(one);
});

test("another fork's 2xx after the first is ended in order with what was sent in its early dialog", () => {
  const one = script();
  provisional(one, 183, "1", { toTag: "other" });
  one.reliable[0]?.acknowledge();
  one.wire.expect("PRACK");
  one.wire.inject(responseTo(one.invite, 200, { toTag: "bob-tag" }));
  one.usages[0]?.acknowledge(7);
  one.wire.expect("ACK");
  one.wire.inject(responseTo(one.invite, 200, { toTag: "other" }));
  one.wire.expect("ACK");
  assert.equal(parsedRequest(one.wire.expect("BYE")).value("CSeq"), "9 BYE");
});

test("requests of the callee in the early dialog reach the user; given up or refused they get 481", () => {
  for (const end of ["abandon", "refuse"] as const) {
    const one = script();
    provisional(one, 183, "1");
    const invite = parsedRequest(one.invite);
    const update = (sequenceNumber: number): string =>
      request("UPDATE", {
        callId: invite.callId,
        fromTag: "bob-tag",
        toTag: invite.fromTag,
        sequenceNumber,
        branch: `z9hG4bK-update-${sequenceNumber}`,
      });
    one.wire.inject(update(1));
    assert.deepEqual(one.heard, ["183 reliable", "request UPDATE"]);
    if (end === "abandon") {
      one.uac.abandon();
      one.wire.expect("CANCEL");
    } else {
      one.wire.inject(responseTo(one.invite, 486));
      one.wire.expect("ACK");
    }
    one.wire.inject(update(2));
    one.wire.expect(481);
  }
});

test("so many early dialogs are taken, and one more is not", () => {
  const one = script();
  for (let index = 0; index <= maximumEarlyDialogs; index += 1) {
    provisional(one, 183, "1", { toTag: `fork-${index}` });
  }
  assert.equal(one.reliable.length, maximumEarlyDialogs);
});
