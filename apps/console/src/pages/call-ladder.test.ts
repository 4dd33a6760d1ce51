import assert from "node:assert/strict";
import { test } from "node:test";
import { ladderOf } from "./call-ladder.ts";

const base = { from: "+1", to: "+2", status: "completed" };
const details = {
  gateway: "gw",
  edge: "ashburn-ix",
  status_code: 200,
  released_by: "caller",
  ingress_connection_sid: "TX1",
};

const texts = (call: object) =>
  ladderOf(call as Record<string, unknown>).map(({ side, direction, label, tone, attempt = "" }) =>
    `${side} ${direction} ${label} ${tone} ${attempt}`.trim(),
  );

test("an answered call after a failed and a skipped attempt", () => {
  const attempts = [
    {
      index: 0,
      url: "sip:a",
      result: "failed",
      status_code: 503,
      reason_phrase: "Down",
      reason_code: 9,
      reason_text: "Why",
    },
    { index: 1, url: "sip:b", result: "skipped", reason_code: 8, reason_text: "The line is down." },
    {
      index: 2,
      url: "sip:c",
      result: "answered",
      status_code: 200,
      edge: "e",
      via_gateway: "g2",
      post_dial_delay_ms: 12.4,
    },
  ];
  const call = { ...base, tandem: { ...details, attempts } };
  assert.deepEqual(texts(call), [
    "caller right INVITE neutral",
    "callee right INVITE neutral 1",
    "callee left 503 Down bad 1",
    "callee right not tried idle 2",
    "callee right INVITE neutral 3",
    "callee left 200 OK good 3",
    "caller left 200 OK good",
    "caller right BYE neutral",
  ]);
  const rungs = ladderOf(call);
  assert.deepEqual(rungs[0]?.notes, ["+1 calls +2", "at gw, edge ashburn-ix", "over the line TX1"]);
  assert.deepEqual([rungs[2]?.notes, rungs[2]?.reasonCode], [["Why"], "9"]);
  assert.deepEqual(rungs[3]?.notes, ["sip:b", "The line is down."]);
  assert.deepEqual(rungs[4]?.notes, ["sip:c", "from edge e", "by the gateway g2"]);
  assert.deepEqual(rungs[5]?.notes, ["after 12 ms"]);
});

test("a refused call has one answer and its reason, and no BYE", () => {
  const call = {
    ...base,
    tandem: { ...details, status_code: 403, reason_code: 32202, reason_text: "wrong password", attempts: [] },
  };
  assert.deepEqual(texts(call), ["caller right INVITE neutral", "caller left 403 bad"]);
  assert.deepEqual(ladderOf(call)[1]?.notes, ["wrong password"]);
});

test("a carrier's address that is not shown, an attempt without an answer, a stranger's silence", () => {
  const attempts = [{ index: 0, url: null, result: "failed", status_code: null }];
  const call = { ...base, tandem: { ...details, status_code: null, released_by: null, attempts } };
  assert.deepEqual(ladderOf(call)[1]?.notes, ["+2 by a carrier"]);
  assert.deepEqual(texts(call), [
    "caller right INVITE neutral",
    "callee right INVITE neutral 1",
    "callee left no answer bad 1",
    "caller left nothing bad",
  ]);
});

test("a reason that only says the status again is left out", () => {
  const attempts = [
    {
      index: 0,
      url: "sip:a",
      result: "failed",
      status_code: 503,
      reason_phrase: "Down",
      reason_text: "503 Down",
    },
  ];
  assert.deepEqual(ladderOf({ ...base, tandem: { ...details, attempts } })[2]?.notes, []);
});

test("who hangs up is where the BYE comes from", () => {
  const by = (side: string) =>
    texts({ ...base, tandem: { ...details, released_by: side, attempts: [] } }).at(-1);
  assert.equal(by("callee"), "callee left BYE neutral");
  assert.equal(by("exchange"), "caller left BYE neutral");
});

test("of a call in progress nothing is known", () =>
  assert.deepEqual(ladderOf({ ...base, tandem: null }), []));
