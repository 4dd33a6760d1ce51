import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionHealth } from "@tandem/contracts";
import {
  type LineEvent,
  type LineState,
  nextLookMs,
  objectionOf,
  step,
  unknownLine,
} from "./connection-health.ts";

export function report(changes: Partial<ConnectionHealth> = {}): ConnectionHealth {
  return {
    sid: "TX1",
    state: "up",
    reason: null,
    sinceMs: 0,
    link: "up",
    route: "present",
    bgp: null,
    bfd: null,
    receivedBytes: null,
    sentBytes: null,
    ...changes,
  };
}

const agent = (changes: Partial<ConnectionHealth> = {}): LineEvent => ({
  kind: "agent",
  report: report(changes),
});
const gone: LineEvent = { kind: "agent", report: undefined };
const answered = (target = "a"): LineEvent => ({ kind: "answered", target });
const unanswered = (target = "a"): LineEvent => ({ kind: "unanswered", target });
const linkDown = agent({ state: "down", link: "down", reason: "link down" });

/** Steps through events; a number is time that passes. */
function after(...events: readonly (LineEvent | number)[]): LineState & { readonly text: string } {
  let state = unknownLine;
  let nowMs = 1000;
  for (const event of events) {
    if (typeof event === "number") {
      nowMs += event;
      state = step(state, { kind: "time" }, nowMs);
    } else {
      state = step(state, event, nowMs);
    }
  }
  return { ...state, text: state.reason === undefined ? state.verdict : `${state.verdict}: ${state.reason}` };
}

const silent = "down: nothing answers over it";

const table: readonly (readonly [rule: string, events: readonly (LineEvent | number)[], text: string])[] = [
  ["nothing is known at first", [], "unknown"],
  ["an agent that says up", [agent()], "up"],
  [
    "an agent that knows nothing",
    [agent({ state: "unknown", link: "unknown", route: "unknown" })],
    "unknown",
  ],
  ["something that answers", [answered()], "up"],

  ["an objection of the agent counts at once", [agent(), answered(), linkDown], "down: link down"],
  ["whatever answers meanwhile", [linkDown, answered(), answered(), answered()], "down: link down"],
  ["no objection any more: not yet", [linkDown, agent()], "down: link down"],
  ["nor 1.999 s later", [linkDown, agent(), 1999], "down: link down"],
  ["2 s later", [linkDown, agent(), 2000], "up"],
  [
    "a second objection begins the time anew",
    [linkDown, agent(), 1500, linkDown, agent(), 1999],
    "down: link down",
  ],
  ["the same report again does not", [linkDown, agent(), 1500, agent(), 500], "up"],
  ["one answer after the last objection is not enough", [linkDown, agent(), answered()], "down: link down"],
  ["two are", [linkDown, agent(), answered(), answered()], "up"],
  [
    "answers from before the objection don't count",
    [answered(), answered(), linkDown, agent()],
    "down: link down",
  ],
  ["an agent that is gone takes its objection along", [linkDown, gone], "unknown"],
  ["and its praise", [agent(), gone], "unknown"],
  ["what answered is still up without it", [agent(), answered(), gone], "up"],

  ["one unanswered may happen", [answered(), unanswered()], "unknown"],
  ["two in a row are silence", [answered(), unanswered(), unanswered()], silent],
  ["without any answer before, too", [unanswered(), unanswered()], silent],
  ["the agent's up does not outweigh it", [agent(), unanswered(), unanswered(), agent(), 10_000], silent],
  ["an answer in between begins anew", [unanswered(), answered(), unanswered()], "unknown"],
  [
    "of two targets one answers: the line is not to blame",
    [answered("b"), unanswered("a"), unanswered("a"), unanswered("a")],
    "up",
  ],
  [
    "until that one is silent as well",
    [answered("b"), unanswered("a"), unanswered("a"), unanswered("b")],
    silent,
  ],
  ["one answer after silence is not enough", [unanswered(), unanswered(), answered()], silent],
  ["two in a row are", [unanswered(), unanswered(), answered(), answered()], "up"],
  ["in a row", [unanswered(), unanswered(), answered(), unanswered(), answered()], silent],
  [
    "a link that went and came back ends silence",
    [unanswered(), unanswered(), linkDown, agent(), 2000],
    "up",
  ],

  [
    "without sockets",
    [answered(), { kind: "unbound", text: "EADDRNOTAVAIL" }],
    "unprovisioned: EADDRNOTAVAIL",
  ],
  [
    "whatever the agent says",
    [{ kind: "unbound", text: "EADDRNOTAVAIL" }, agent()],
    "unprovisioned: EADDRNOTAVAIL",
  ],
  ["with sockets again", [{ kind: "unbound", text: "EADDRNOTAVAIL" }, agent(), { kind: "bound" }], "up"],
  [
    "the agent says so",
    [agent({ state: "unprovisioned", link: "missing", reason: "no device" })],
    "unprovisioned: no device",
  ],
  [
    "silence from before does not count after",
    [unanswered(), { kind: "unbound", text: "x" }, { kind: "bound" }, unanswered()],
    "unknown",
  ],
];

for (const [rule, events, text] of table) {
  test(`${rule}: ${text}`, () => assert.equal(after(...events).text, text));
}

const objections: readonly (readonly [changes: Partial<ConnectionHealth>, text: string | undefined])[] = [
  [{}, undefined],
  [{ state: "unknown", link: "unknown", route: "unknown" }, undefined],
  [{ link: "down" }, "link down"],
  [{ link: "missing" }, "its network device is missing"],
  [{ route: "missing" }, "its route is missing"],
  [{ bgp: "Idle" }, "BGP Idle"],
  [{ bgp: "Established", bfd: "up" }, undefined],
  [{ bgp: "Established", bfd: "down" }, "BFD down"],
  [{ state: "down", reason: "operator says so" }, "operator says so"],
  [{ state: "down" }, "down"],
  [{ state: "down", link: "down" }, "link down"],
];

for (const [changes, text] of objections) {
  test(`${JSON.stringify(changes)} is ${text === undefined ? "no objection" : `"${text}"`}`, () => {
    assert.equal(objectionOf(report(changes)), text);
  });
}

test("time matters only while a line that had an objection has none", () => {
  assert.equal(nextLookMs(after()), undefined);
  assert.equal(nextLookMs(after(agent())), undefined);
  assert.equal(nextLookMs(after(linkDown)), undefined);
  assert.equal(nextLookMs(after(linkDown, 500, agent())), 3500);
  assert.equal(nextLookMs(after(linkDown, agent(), 2000)), undefined);
  assert.equal(nextLookMs(after(unanswered(), unanswered(), agent())), undefined);
});
