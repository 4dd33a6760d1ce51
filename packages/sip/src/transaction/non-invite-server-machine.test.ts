import assert from "node:assert/strict";
import { test } from "node:test";
import { type NonInviteServerEvent, type NonInviteServerState, step } from "./non-invite-server-machine.ts";

const respond = (statusCode: number, mayTry = true): NonInviteServerEvent => ({
  kind: "response",
  statusCode,
  mayTry,
});
const again: NonInviteServerEvent = { kind: "request" };
const timerEAtT2: NonInviteServerEvent = { kind: "timer-e-at-t2" };
const clientGaveUp: NonInviteServerEvent = { kind: "client-gave-up" };
const timerJ: NonInviteServerEvent = { kind: "timer", timer: "J" };
const transportError: NonInviteServerEvent = { kind: "transport-error" };

// Beside RFC 3261 figure 8, with RFC 4320 §4.
const table: [
  rule: string,
  state: NonInviteServerState,
  event: NonInviteServerEvent,
  next: NonInviteServerState,
  actions: string,
][] = [
  ["100 where it is allowed", "trying", respond(100), "proceeding", "send-response"],
  ["100 by itself when the client has slowed down", "trying", timerEAtT2, "proceeding", "send-trying"],
  ["200", "trying", respond(200), "completed", "start-timer-j send-response"],
  ["407 and 409, the neighbours of 408", "trying", respond(407), "completed", "start-timer-j send-response"],
  ["409", "trying", respond(409), "completed", "start-timer-j send-response"],
  ["408 is never sent", "trying", respond(408), "completed", "start-timer-j"],
  ["the client has given up", "trying", clientGaveUp, "terminated", ""],
  ["transport error: informed, not ended", "trying", transportError, "trying", "inform-tu-transport-error"],
  ["the request again gets the 100 again", "proceeding", again, "proceeding", "retransmit-response"],
  ["another 100", "proceeding", respond(100), "proceeding", "send-response"],
  ["final after 100", "proceeding", respond(500), "completed", "start-timer-j send-response"],
  ["408 after 100 is not sent either", "proceeding", respond(408), "completed", "start-timer-j"],
  ["the client has given up after 100", "proceeding", clientGaveUp, "terminated", ""],
  ["transport error of the 100", "proceeding", transportError, "proceeding", "inform-tu-transport-error"],
  ["the request again gets the final again", "completed", again, "completed", "retransmit-response"],
  ["transport error of the final", "completed", transportError, "completed", "inform-tu-transport-error"],
  ["timer J ends it", "completed", timerJ, "terminated", ""],
];

for (const [rule, state, event, next, actions] of table) {
  test(`non-INVITE server, ${state}: ${rule}`, () => {
    const transition = step(state, event);
    assert.equal(transition.state, next);
    assert.equal(transition.actions.join(" "), actions);
  });
}

const ignored: Record<NonInviteServerState, NonInviteServerEvent[]> = {
  // Nothing was sent, so nothing can be sent again; and no provisional response but 100 (RFC 4320 §4.1).
  trying: [again, respond(100, false), respond(101), respond(180), respond(199), timerJ],
  proceeding: [respond(100, false), respond(101), respond(180), timerEAtT2, timerJ],
  completed: [respond(100), respond(200), respond(408), timerEAtT2, clientGaveUp],
  terminated: [again, respond(100), respond(200), timerEAtT2, clientGaveUp, timerJ, transportError],
};

for (const [state, events] of Object.entries(ignored) as [NonInviteServerState, NonInviteServerEvent[]][]) {
  for (const event of events) {
    test(`non-INVITE server, ${state}: ignores ${JSON.stringify(event)}`, () => {
      assert.deepEqual(step(state, event), { state, actions: [] });
    });
  }
}
