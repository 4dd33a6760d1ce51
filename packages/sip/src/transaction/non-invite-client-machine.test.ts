import assert from "node:assert/strict";
import { test } from "node:test";
import { type NonInviteClientEvent, type NonInviteClientState, step } from "./non-invite-client-machine.ts";

const timer = (name: "E" | "F" | "K"): NonInviteClientEvent => ({ kind: "timer", timer: name });
const response = (statusCode: number): NonInviteClientEvent => ({ kind: "response", statusCode });
const transportError: NonInviteClientEvent = { kind: "transport-error" };

// Beside RFC 3261 figure 6.
const table: [
  rule: string,
  state: NonInviteClientState,
  event: NonInviteClientEvent,
  next: NonInviteClientState,
  actions: string,
][] = [
  ["timer E retransmits", "trying", timer("E"), "trying", "retransmit-request"],
  ["timer F gives up", "trying", timer("F"), "terminated", "inform-tu-timeout"],
  ["transport error while trying", "trying", transportError, "terminated", "inform-tu-transport-error"],
  ["100", "trying", response(100), "proceeding", "pass-response-to-tu"],
  ["199 is the last provisional", "trying", response(199), "proceeding", "pass-response-to-tu"],
  ["200 is final", "trying", response(200), "completed", "start-timer-k pass-response-to-tu"],
  ["so is a failure", "trying", response(481), "completed", "start-timer-k pass-response-to-tu"],
  ["timer E retransmits after 1xx as well", "proceeding", timer("E"), "proceeding", "retransmit-request"],
  ["timer F gives up after 1xx as well", "proceeding", timer("F"), "terminated", "inform-tu-timeout"],
  [
    "transport error while proceeding",
    "proceeding",
    transportError,
    "terminated",
    "inform-tu-transport-error",
  ],
  ["another 1xx", "proceeding", response(183), "proceeding", "pass-response-to-tu"],
  ["final after 1xx", "proceeding", response(200), "completed", "start-timer-k pass-response-to-tu"],
  ["timer K ends it", "completed", timer("K"), "terminated", ""],
];

for (const [rule, state, event, next, actions] of table) {
  test(`non-INVITE client, ${state}: ${rule}`, () => {
    const transition = step(state, event);
    assert.equal(transition.state, next);
    assert.equal(transition.actions.join(" "), actions);
  });
}

const ignored: Record<NonInviteClientState, NonInviteClientEvent[]> = {
  trying: [timer("K")],
  proceeding: [timer("K")],
  completed: [timer("E"), timer("F"), response(100), response(200), response(500), transportError],
  terminated: [timer("E"), timer("F"), timer("K"), response(100), response(200), transportError],
};

for (const [state, events] of Object.entries(ignored) as [NonInviteClientState, NonInviteClientEvent[]][]) {
  for (const event of events) {
    test(`non-INVITE client, ${state}: ignores ${JSON.stringify(event)}`, () => {
      assert.deepEqual(step(state, event), { state, actions: [] });
    });
  }
}
