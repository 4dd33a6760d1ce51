/**
 * Non-INVITE client transaction as a pure function. RFC 3261 §17.1.2.2.
 *
 *   trying ──1xx──▶ proceeding ──2xx-6xx──▶ completed ──K──▶ terminated
 *      ├────────2xx-6xx────────────────────────▲
 *      └── F, transport error (in proceeding as well) ─────▶ terminated
 *
 * No clock and no socket here: `non-invite-client-transaction.ts` owns both and performs the actions in order.
 */
export type NonInviteClientState = "trying" | "proceeding" | "completed" | "terminated";

export type NonInviteClientEvent =
  | { readonly kind: "response"; readonly statusCode: number }
  | { readonly kind: "timer"; readonly timer: "E" | "F" | "K" }
  | { readonly kind: "transport-error" };

export type NonInviteClientAction =
  | "retransmit-request"
  | "pass-response-to-tu"
  | "inform-tu-timeout"
  | "inform-tu-transport-error"
  | "start-timer-k";

export interface NonInviteClientTransition {
  readonly state: NonInviteClientState;
  readonly actions: readonly NonInviteClientAction[];
}

/** Returns the next state and what to do about it. An event that means nothing here changes nothing. */
export function step(state: NonInviteClientState, event: NonInviteClientEvent): NonInviteClientTransition {
  return onEvent[state](event) ?? unchanged[state];
}

const onEvent: Record<
  NonInviteClientState,
  (event: NonInviteClientEvent) => NonInviteClientTransition | undefined
> = {
  trying: (event) => beforeFinal(event, retransmittedTrying),

  // Unlike an INVITE, the request goes on being retransmitted, and timer F still runs.
  proceeding: (event) => beforeFinal(event, retransmittedProceeding),

  // Only here to absorb retransmissions of the final response.
  completed: (event) => (event.kind === "timer" && event.timer === "K" ? over : undefined),

  terminated: () => undefined,
};

function beforeFinal(
  event: NonInviteClientEvent,
  retransmitted: NonInviteClientTransition,
): NonInviteClientTransition | undefined {
  if (event.kind === "response") return event.statusCode < 200 ? provisional : final;
  if (event.kind === "transport-error") return transportFailed;
  if (event.timer === "E") return retransmitted;
  return event.timer === "F" ? gaveUp : undefined;
}

const over: NonInviteClientTransition = { state: "terminated", actions: [] };
const gaveUp: NonInviteClientTransition = { state: "terminated", actions: ["inform-tu-timeout"] };
const transportFailed: NonInviteClientTransition = {
  state: "terminated",
  actions: ["inform-tu-transport-error"],
};
const retransmittedTrying: NonInviteClientTransition = { state: "trying", actions: ["retransmit-request"] };
const retransmittedProceeding: NonInviteClientTransition = {
  state: "proceeding",
  actions: ["retransmit-request"],
};
const provisional: NonInviteClientTransition = { state: "proceeding", actions: ["pass-response-to-tu"] };
const final: NonInviteClientTransition = {
  state: "completed",
  actions: ["start-timer-k", "pass-response-to-tu"],
};

const unchanged: Record<NonInviteClientState, NonInviteClientTransition> = {
  trying: { state: "trying", actions: [] },
  proceeding: { state: "proceeding", actions: [] },
  completed: { state: "completed", actions: [] },
  terminated: { state: "terminated", actions: [] },
};
