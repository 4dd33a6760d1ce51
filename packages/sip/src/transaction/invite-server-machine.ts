/**
 * INVITE server transaction as a pure function. RFC 3261 §17.2.1, amended by RFC 6026 §7.1.
 *
 *   proceeding ──2xx from TU──────▶ accepted ──L──▶ terminated
 *        └──────3xx-6xx from TU──▶ completed ──ACK──▶ confirmed ──I──▶ terminated
 *                                      └──────H (no ACK)─────────────▶ terminated
 *
 * No clock and no socket here: `invite-server-transaction.ts` owns both and performs the actions in order.
 */
export type InviteServerState = "proceeding" | "accepted" | "completed" | "confirmed" | "terminated";

export type InviteServerEvent =
  /** The INVITE came again. */
  | { readonly kind: "invite" }
  | { readonly kind: "ack" }
  /** The TU responds. */
  | { readonly kind: "response"; readonly statusCode: number }
  | { readonly kind: "timer"; readonly timer: "G" | "H" | "I" | "L" }
  | { readonly kind: "transport-error" };

export type InviteServerAction =
  | "send-response"
  | "retransmit-response"
  | "pass-ack-to-tu"
  | "inform-tu-no-ack"
  | "inform-tu-transport-error"
  | "start-timers-g-h"
  | "start-timer-i"
  | "start-timer-l";

export interface InviteServerTransition {
  readonly state: InviteServerState;
  readonly actions: readonly InviteServerAction[];
}

/** Returns the next state and what to do about it. An event that means nothing here changes nothing. */
export function step(state: InviteServerState, event: InviteServerEvent): InviteServerTransition {
  return onEvent[state](event) ?? unchanged[state];
}

const onEvent: Record<InviteServerState, (event: InviteServerEvent) => InviteServerTransition | undefined> = {
  proceeding: (event) => {
    if (event.kind === "response") return responseBeforeFinal(event.statusCode);
    if (event.kind === "invite") return provisionalAgain;
    return event.kind === "transport-error" ? informed.proceeding : undefined;
  },

  // RFC 6026: an INVITE that comes again is absorbed in silence; only the TU repeats its 2xx.
  accepted: (event) => {
    if (event.kind === "response") return isSuccess(event.statusCode) ? successAgain : undefined;
    if (event.kind === "ack") return acknowledgedSuccess;
    if (event.kind === "timer") return event.timer === "L" ? over : undefined;
    return event.kind === "transport-error" ? informed.accepted : undefined;
  },

  completed: (event) => {
    if (event.kind === "ack") return acknowledgedFailure;
    if (event.kind === "invite") return failureAgain;
    if (event.kind === "transport-error") return informed.completed;
    if (event.kind !== "timer") return undefined;
    if (event.timer === "G") return failureAgain;
    return event.timer === "H" ? noAck : undefined;
  },

  // Only here to absorb ACKs that come again.
  confirmed: (event) => (event.kind === "timer" && event.timer === "I" ? over : undefined),

  terminated: () => undefined,
};

// RFC 6026 §8.8 (RFC 3261 §17.2.4): the TU hears of a transport error, but the transaction stays where it is: the
// next retransmission of the request may come over a path that works.
const informed = {
  proceeding: { state: "proceeding", actions: ["inform-tu-transport-error"] },
  accepted: { state: "accepted", actions: ["inform-tu-transport-error"] },
  completed: { state: "completed", actions: ["inform-tu-transport-error"] },
} as const satisfies Partial<Record<InviteServerState, InviteServerTransition>>;

const over: InviteServerTransition = { state: "terminated", actions: [] };
const noAck: InviteServerTransition = { state: "terminated", actions: ["inform-tu-no-ack"] };
const provisional: InviteServerTransition = { state: "proceeding", actions: ["send-response"] };
const provisionalAgain: InviteServerTransition = { state: "proceeding", actions: ["retransmit-response"] };
const success: InviteServerTransition = { state: "accepted", actions: ["start-timer-l", "send-response"] };
const successAgain: InviteServerTransition = { state: "accepted", actions: ["send-response"] };
const acknowledgedSuccess: InviteServerTransition = { state: "accepted", actions: ["pass-ack-to-tu"] };
const failure: InviteServerTransition = {
  state: "completed",
  actions: ["start-timers-g-h", "send-response"],
};
const failureAgain: InviteServerTransition = { state: "completed", actions: ["retransmit-response"] };
const acknowledgedFailure: InviteServerTransition = { state: "confirmed", actions: ["start-timer-i"] };

const unchanged: Record<InviteServerState, InviteServerTransition> = {
  proceeding: { state: "proceeding", actions: [] },
  accepted: { state: "accepted", actions: [] },
  completed: { state: "completed", actions: [] },
  confirmed: { state: "confirmed", actions: [] },
  terminated: { state: "terminated", actions: [] },
};

function responseBeforeFinal(statusCode: number): InviteServerTransition {
  if (statusCode < 200) return provisional;
  return isSuccess(statusCode) ? success : failure;
}

function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}
