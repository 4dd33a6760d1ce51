import assert from "node:assert/strict";
import { test } from "node:test";
import { type InviteServerEvent, type InviteServerState, step } from "./invite-server-machine.ts";

const timer = (name: "G" | "H" | "I" | "L"): InviteServerEvent => ({ kind: "timer", timer: name });
const respond = (statusCode: number): InviteServerEvent => ({ kind: "response", statusCode });
const invite: InviteServerEvent = { kind: "invite" };
const ack: InviteServerEvent = { kind: "ack" };
const transportError: InviteServerEvent = { kind: "transport-error" };

// Beside RFC 6026 figure 2 (which replaces RFC 3261 figure 7).
const table: [
  rule: string,
  state: InviteServerState,
  event: InviteServerEvent,
  next: InviteServerState,
  actions: string,
][] = [
  ["100 from the TU", "proceeding", respond(100), "proceeding", "send-response"],
  ["199 from the TU", "proceeding", respond(199), "proceeding", "send-response"],
  ["the INVITE again gets the last provisional", "proceeding", invite, "proceeding", "retransmit-response"],
  [
    "transport error: informed, not ended",
    "proceeding",
    transportError,
    "proceeding",
    "inform-tu-transport-error",
  ],
  ["200 from the TU", "proceeding", respond(200), "accepted", "start-timer-l send-response"],
  ["299 from the TU", "proceeding", respond(299), "accepted", "start-timer-l send-response"],
  ["300 from the TU", "proceeding", respond(300), "completed", "start-timers-g-h send-response"],
  ["486 from the TU", "proceeding", respond(486), "completed", "start-timers-g-h send-response"],
  ["the TU repeats its 2xx", "accepted", respond(200), "accepted", "send-response"],
  ["an ACK for the 2xx goes to the TU", "accepted", ack, "accepted", "pass-ack-to-tu"],
  ["transport error of the 2xx", "accepted", transportError, "accepted", "inform-tu-transport-error"],
  ["timer L ends it", "accepted", timer("L"), "terminated", ""],
  ["the INVITE again gets the failure again", "completed", invite, "completed", "retransmit-response"],
  ["timer G retransmits", "completed", timer("G"), "completed", "retransmit-response"],
  ["timer H gives up on the ACK", "completed", timer("H"), "terminated", "inform-tu-no-ack"],
  ["the ACK", "completed", ack, "confirmed", "start-timer-i"],
  ["transport error of the failure", "completed", transportError, "completed", "inform-tu-transport-error"],
  ["timer I ends it", "confirmed", timer("I"), "terminated", ""],
];

for (const [rule, state, event, next, actions] of table) {
  test(`INVITE server, ${state}: ${rule}`, () => {
    const transition = step(state, event);
    assert.equal(transition.state, next);
    assert.equal(transition.actions.join(" "), actions);
  });
}

const ignored: Record<InviteServerState, InviteServerEvent[]> = {
  proceeding: [ack, timer("G"), timer("H"), timer("I"), timer("L")],
  // RFC 6026: the INVITE that comes again must be absorbed without a response.
  accepted: [
    invite,
    respond(180),
    respond(199),
    respond(300),
    respond(486),
    timer("G"),
    timer("H"),
    timer("I"),
  ],
  completed: [respond(180), respond(200), respond(486), timer("I"), timer("L")],
  confirmed: [invite, ack, respond(200), respond(486), transportError, timer("G"), timer("H"), timer("L")],
  terminated: [
    invite,
    ack,
    respond(180),
    respond(200),
    respond(486),
    transportError,
    timer("G"),
    timer("H"),
    timer("I"),
  ],
};

for (const [state, events] of Object.entries(ignored) as [InviteServerState, InviteServerEvent[]][]) {
  for (const event of events) {
    test(`INVITE server, ${state}: ignores ${JSON.stringify(event)}`, () => {
      assert.deepEqual(step(state, event), { state, actions: [] });
    });
  }
}
