/**
 * INVITE client transaction as a pure function. RFC 3261 §17.1.1.2, amended by RFC 6026 §8.4.
 *
 *   calling ──1xx──▶ proceeding ──2xx──▶ accepted ──M──▶ terminated
 *      │                 └──────3xx-6xx──▶ completed ──D──▶ terminated
 *      └── B, transport error ─────────────────────────────▶ terminated
 *
 * No clock and no socket here: `invite-client-transaction.ts` owns both and performs the actions in order.
 */
export type InviteClientState = "calling" | "proceeding" | "accepted" | "completed" | "terminated";

export type InviteClientEvent =
  | { readonly kind: "response"; readonly statusCode: number }
  | { readonly kind: "timer"; readonly timer: "A" | "B" | "D" | "M" }
  /** 64*T1 have passed since the CANCEL (RFC 3261 §9.1). The RFC gives this timer no letter. */
  | { readonly kind: "cancel-timeout" }
  | { readonly kind: "transport-error" };

export type InviteClientAction =
  | "retransmit-invite"
  | "send-ack"
  | "pass-response-to-tu"
  | "inform-tu-timeout"
  | "inform-tu-transport-error"
  | "start-timer-d"
  | "start-timer-m";

export interface InviteClientTransition {
  readonly state: InviteClientState;
  readonly actions: readonly InviteClientAction[];
}

/** Returns the next state and what to do about it. An event that means nothing here changes nothing. */
export function step(state: InviteClientState, event: InviteClientEvent): InviteClientTransition {
  return onEvent[state](event) ?? unchanged[state];
}

const onEvent: Record<InviteClientState, (event: InviteClientEvent) => InviteClientTransition | undefined> = {
  calling: (event) => {
    if (event.kind === "response") return responseBeforeFinal(event.statusCode);
    if (event.kind === "transport-error") return transportFailed;
    if (event.kind === "cancel-timeout") return gaveUp;
    if (event.timer === "A") return retransmitted;
    return event.timer === "B" ? gaveUp : undefined;
  },

  // Timer B no longer matters: only the TU, with CANCEL or its own timer, gives up on a ringing callee.
  proceeding: (event) => {
    if (event.kind === "response") return responseBeforeFinal(event.statusCode);
    if (event.kind === "transport-error") return transportFailed;
    return event.kind === "cancel-timeout" ? gaveUp : undefined;
  },

  // RFC 6026: stay alive for 2xx from other branches of a forked INVITE. The TU, not we, sends those ACKs.
  accepted: (event) => {
    if (event.kind === "timer") return event.timer === "M" ? over : undefined;
    return event.kind === "response" && isSuccess(event.statusCode) ? successAgain : undefined;
  },

  completed: (event) => {
    if (event.kind === "response") return event.statusCode >= 300 ? failureAgain : undefined;
    if (event.kind === "transport-error") return transportFailed;
    return event.kind === "timer" && event.timer === "D" ? over : undefined;
  },

  terminated: () => undefined,
};

const over: InviteClientTransition = { state: "terminated", actions: [] };
const gaveUp: InviteClientTransition = { state: "terminated", actions: ["inform-tu-timeout"] };
const transportFailed: InviteClientTransition = {
  state: "terminated",
  actions: ["inform-tu-transport-error"],
};
const retransmitted: InviteClientTransition = { state: "calling", actions: ["retransmit-invite"] };
const provisional: InviteClientTransition = { state: "proceeding", actions: ["pass-response-to-tu"] };
const success: InviteClientTransition = {
  state: "accepted",
  actions: ["start-timer-m", "pass-response-to-tu"],
};
const successAgain: InviteClientTransition = { state: "accepted", actions: ["pass-response-to-tu"] };
const failure: InviteClientTransition = {
  state: "completed",
  actions: ["start-timer-d", "send-ack", "pass-response-to-tu"],
};
const failureAgain: InviteClientTransition = { state: "completed", actions: ["send-ack"] };

const unchanged: Record<InviteClientState, InviteClientTransition> = {
  calling: { state: "calling", actions: [] },
  proceeding: { state: "proceeding", actions: [] },
  accepted: { state: "accepted", actions: [] },
  completed: { state: "completed", actions: [] },
  terminated: { state: "terminated", actions: [] },
};

function responseBeforeFinal(statusCode: number): InviteClientTransition {
  if (statusCode < 200) return provisional;
  return isSuccess(statusCode) ? success : failure;
}

function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}
