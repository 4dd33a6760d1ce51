import assert from "node:assert/strict";
import { test } from "node:test";
import { type InviteClientEvent, type InviteClientState, step } from "./invite-client-machine.ts";

const timer = (name: "A" | "B" | "D" | "M"): InviteClientEvent => ({ kind: "timer", timer: name });
const response = (statusCode: number): InviteClientEvent => ({ kind: "response", statusCode });
const transportError: InviteClientEvent = { kind: "transport-error" };
const cancelTimeout: InviteClientEvent = { kind: "cancel-timeout" };

// Beside RFC 6026 figure 1 (which replaces RFC 3261 figure 5). Events that are not in it change nothing: see below.
const table: [
  rule: string,
  state: InviteClientState,
  event: InviteClientEvent,
  next: InviteClientState,
  actions: string,
][] = [
  ["timer A retransmits", "calling", timer("A"), "calling", "retransmit-invite"],
  ["timer B gives up", "calling", timer("B"), "terminated", "inform-tu-timeout"],
  ["transport error while calling", "calling", transportError, "terminated", "inform-tu-transport-error"],
  ["cancelled, and no response at all", "calling", cancelTimeout, "terminated", "inform-tu-timeout"],
  ["100 stops retransmission", "calling", response(100), "proceeding", "pass-response-to-tu"],
  ["199 is the last provisional", "calling", response(199), "proceeding", "pass-response-to-tu"],
  ["2xx without 1xx", "calling", response(200), "accepted", "start-timer-m pass-response-to-tu"],
  ["299 is a success", "calling", response(299), "accepted", "start-timer-m pass-response-to-tu"],
  [
    "300 is not a success",
    "calling",
    response(300),
    "completed",
    "start-timer-d send-ack pass-response-to-tu",
  ],
  [
    "3xx-6xx is acknowledged at once",
    "calling",
    response(486),
    "completed",
    "start-timer-d send-ack pass-response-to-tu",
  ],
  ["more provisionals reach the TU", "proceeding", response(183), "proceeding", "pass-response-to-tu"],
  [
    "2xx is accepted, not acknowledged (RFC 6026)",
    "proceeding",
    response(200),
    "accepted",
    "start-timer-m pass-response-to-tu",
  ],
  [
    "failure after 1xx",
    "proceeding",
    response(699),
    "completed",
    "start-timer-d send-ack pass-response-to-tu",
  ],
  [
    "transport error while proceeding",
    "proceeding",
    transportError,
    "terminated",
    "inform-tu-transport-error",
  ],
  ["cancelled, and no final response", "proceeding", cancelTimeout, "terminated", "inform-tu-timeout"],
  ["a second 2xx still reaches the TU", "accepted", response(200), "accepted", "pass-response-to-tu"],
  ["a forked 299 as well", "accepted", response(299), "accepted", "pass-response-to-tu"],
  ["timer M ends it", "accepted", timer("M"), "terminated", ""],
  ["a retransmitted 486 is re-ACKed only", "completed", response(486), "completed", "send-ack"],
  ["a 300 as well", "completed", response(300), "completed", "send-ack"],
  ["the ACK could not be sent", "completed", transportError, "terminated", "inform-tu-transport-error"],
  ["timer D ends it", "completed", timer("D"), "terminated", ""],
];

for (const [rule, state, event, next, actions] of table) {
  test(`INVITE client, ${state}: ${rule}`, () => {
    const transition = step(state, event);
    assert.equal(transition.state, next);
    assert.equal(transition.actions.join(" "), actions);
  });
}

const ignored: Record<InviteClientState, InviteClientEvent[]> = {
  calling: [timer("D"), timer("M")],
  // Timer A is stale once proceeding, and so is B: a phone may ring for minutes.
  proceeding: [timer("A"), timer("B"), timer("D"), timer("M")],
  accepted: [
    timer("A"),
    timer("B"),
    timer("D"),
    response(180),
    response(199),
    response(300),
    response(486),
    transportError,
    cancelTimeout,
  ],
  completed: [
    timer("A"),
    timer("B"),
    timer("M"),
    response(100),
    response(180),
    response(200),
    response(299),
    cancelTimeout,
  ],
  terminated: [
    timer("A"),
    timer("B"),
    timer("D"),
    timer("M"),
    response(180),
    response(200),
    response(486),
    transportError,
    cancelTimeout,
  ],
};

for (const [state, events] of Object.entries(ignored) as [InviteClientState, InviteClientEvent[]][]) {
  for (const event of events) {
    test(`INVITE client, ${state}: ignores ${JSON.stringify(event)}`, () => {
      assert.deepEqual(step(state, event), { state, actions: [] });
    });
  }
}
