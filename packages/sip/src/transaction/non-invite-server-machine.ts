/**
 * Non-INVITE server transaction as a pure function. RFC 3261 §17.2.2, amended by RFC 4320 §4.
 *
 *   trying ──100──▶ proceeding ──2xx-6xx from TU──▶ completed ──J──▶ terminated
 *      └───────────2xx-6xx from TU─────────────────────▲
 *      └── the client gave up (in proceeding as well) ─────────────▶ terminated
 *
 * No clock and no socket here: `non-invite-server-transaction.ts` owns both and performs the actions in order.
 */
export type NonInviteServerState = "trying" | "proceeding" | "completed" | "terminated";

export type NonInviteServerEvent =
  /** The request came again. */
  | { readonly kind: "request" }
  /** The TU responds. */
  | { readonly kind: "response"; readonly statusCode: number; readonly mayTry: boolean }
  /** The client's timer E has reached T2: from now on it may, and must, hear a 100 (RFC 4320 §4.1). */
  | { readonly kind: "timer-e-at-t2" }
  /** 64*T1: the client's timer F has fired, an answer would be a stray one (RFC 4320 §4.2). */
  | { readonly kind: "client-gave-up" }
  | { readonly kind: "timer"; readonly timer: "J" }
  | { readonly kind: "transport-error" };

export type NonInviteServerAction =
  | "send-response"
  | "send-trying"
  | "retransmit-response"
  | "inform-tu-transport-error"
  | "start-timer-j";

export interface NonInviteServerTransition {
  readonly state: NonInviteServerState;
  readonly actions: readonly NonInviteServerAction[];
}

/** Returns the next state and what to do about it. An event that means nothing here changes nothing. */
export function step(state: NonInviteServerState, event: NonInviteServerEvent): NonInviteServerTransition {
  return onEvent[state](event) ?? unchanged[state];
}

const onEvent: Record<
  NonInviteServerState,
  (event: NonInviteServerEvent) => NonInviteServerTransition | undefined
> = {
  // Nothing was sent yet, so there is nothing to repeat when the request comes again.
  trying: (event) => {
    if (event.kind === "response") return response(event.statusCode, event.mayTry);
    if (event.kind === "timer-e-at-t2") return tried;
    if (event.kind === "client-gave-up") return over;
    return event.kind === "transport-error" ? informed.trying : undefined;
  },

  proceeding: (event) => {
    if (event.kind === "response") return response(event.statusCode, event.mayTry);
    if (event.kind === "request") return repeatedProceeding;
    if (event.kind === "client-gave-up") return over;
    return event.kind === "transport-error" ? informed.proceeding : undefined;
  },

  completed: (event) => {
    if (event.kind === "request") return repeatedCompleted;
    if (event.kind === "timer") return over;
    return event.kind === "transport-error" ? informed.completed : undefined;
  },

  terminated: () => undefined,
};

// RFC 6026 §8.8 (RFC 3261 §17.2.4): inform the TU, stay in the state.
const informed = {
  trying: { state: "trying", actions: ["inform-tu-transport-error"] },
  proceeding: { state: "proceeding", actions: ["inform-tu-transport-error"] },
  completed: { state: "completed", actions: ["inform-tu-transport-error"] },
} as const satisfies Partial<Record<NonInviteServerState, NonInviteServerTransition>>;

const over: NonInviteServerTransition = { state: "terminated", actions: [] };
const tried: NonInviteServerTransition = { state: "proceeding", actions: ["send-trying"] };
const provisional: NonInviteServerTransition = { state: "proceeding", actions: ["send-response"] };
const final: NonInviteServerTransition = { state: "completed", actions: ["start-timer-j", "send-response"] };
const silentFinal: NonInviteServerTransition = { state: "completed", actions: ["start-timer-j"] };
const repeatedProceeding: NonInviteServerTransition = {
  state: "proceeding",
  actions: ["retransmit-response"],
};
const repeatedCompleted: NonInviteServerTransition = { state: "completed", actions: ["retransmit-response"] };

const unchanged: Record<NonInviteServerState, NonInviteServerTransition> = {
  trying: { state: "trying", actions: [] },
  proceeding: { state: "proceeding", actions: [] },
  completed: { state: "completed", actions: [] },
  terminated: { state: "terminated", actions: [] },
};

/**
 * RFC 4320 §4.1: no provisional response but 100, and that one over UDP not before the client's timer E is at T2.
 * §4.2: never a 408: the client has timed out by itself by then. The transaction goes on absorbing the request.
 */
function response(statusCode: number, mayTry: boolean): NonInviteServerTransition | undefined {
  if (statusCode < 200) return statusCode === 100 && mayTry ? provisional : undefined;
  return statusCode === 408 ? silentFinal : final;
}
