/**
 * Health of one private line as a pure function of what is known of it.
 *
 *   unknown ──something answers, or the agent says up──▶ up
 *   any ──the agent objects: link, route, BGP, BFD──▶ down (at once)
 *   up, unknown ──silence──▶ down          two in a row unanswered, and nobody behind the line is known to answer
 *   down ──two answers in a row──▶ up      and, if the agent had objected, once it objects no more;
 *   down (by the agent) ──2 s without objection──▶ up
 *   down (by the agent) ──the agent is gone──▶ unknown
 *   any ──its sockets can't be bound, or the agent says so──▶ unprovisioned
 *
 * No clock and no file here: `connection-health-table.ts` owns both.
 */
import type { ConnectionHealth } from "@tandem/contracts";

/** Unanswered attempts or probes in a row, over the whole line, after which it may count as down. */
export const unansweredUntilDown = 2;
/** Answers in a row after which a line that was down is up. */
export const answersUntilUp = 2;
/** A line whose agent had objected is up when there has been no objection for so long: links flap. */
export const steadyUntilUpMs = 2000;

export interface LineState {
  readonly verdict: ConnectionHealth["state"];
  /** Why it is not up. */
  readonly reason: string | undefined;
  /** Who says that it is down. */
  readonly cause: "agent" | "silence" | undefined;
  /** Why its sockets are not bound; undefined: they are, or it has none of its own. */
  readonly unbound: string | undefined;
  /** The agent's last word; undefined: there is no agent, or it is gone. */
  readonly agent: ConnectionHealth | undefined;
  /** Monotonic; since when a line that was down has had no objection. */
  readonly steadySinceMs: number;
  /** Targets behind the line that answered last. */
  readonly alive: ReadonlySet<string>;
  readonly unanswered: number;
  readonly answers: number;
}

export type LineEvent =
  | { readonly kind: "bound" }
  | { readonly kind: "unbound"; readonly text: string }
  /** Undefined: nothing is known from the agent any more. */
  | { readonly kind: "agent"; readonly report: ConnectionHealth | undefined }
  /** A target behind the line answered, or it did not. */
  | { readonly kind: "answered"; readonly target: string }
  | { readonly kind: "unanswered"; readonly target: string }
  /** Time has passed. */
  | { readonly kind: "time" };

export const unknownLine: LineState = {
  verdict: "unknown",
  reason: undefined,
  cause: undefined,
  unbound: undefined,
  agent: undefined,
  steadySinceMs: 0,
  alive: new Set(),
  unanswered: 0,
  answers: 0,
};

/** @param nowMs monotonic */
export function step(state: LineState, event: LineEvent, nowMs: number): LineState {
  return decide(learn(state, event, nowMs), nowMs);
}

/** When `time` may change something; undefined: never. */
export function nextLookMs(state: LineState): number | undefined {
  const isWaiting =
    state.cause === "agent" && state.agent !== undefined && objectionOf(state.agent) === undefined;
  return isWaiting ? state.steadySinceMs + steadyUntilUpMs : undefined;
}

function learn(state: LineState, event: LineEvent, nowMs: number): LineState {
  switch (event.kind) {
    case "bound":
      return { ...state, unbound: undefined };
    case "unbound":
      return { ...state, unbound: event.text };
    case "agent":
      return { ...state, agent: event.report, steadySinceMs: steadySince(state, event.report, nowMs) };
    case "answered":
      return {
        ...state,
        alive: state.alive.has(event.target) ? state.alive : new Set([...state.alive, event.target]),
        unanswered: 0,
        answers: state.answers + 1,
      };
    case "unanswered":
      return {
        ...state,
        alive: new Set([...state.alive].filter((target) => target !== event.target)),
        unanswered: state.unanswered + 1,
        answers: 0,
      };
    case "time":
      return state;
  }
}

function steadySince(state: LineState, report: ConnectionHealth | undefined, nowMs: number): number {
  const objected = state.agent === undefined || objectionOf(state.agent) !== undefined;
  const isSteady = report !== undefined && objectionOf(report) === undefined;
  return objected && isSteady ? nowMs : state.steadySinceMs;
}

function decide(state: LineState, nowMs: number): LineState {
  const { agent } = state;
  const absence = absenceOf(state);
  if (absence !== undefined)
    return { ...fresh(state), verdict: "unprovisioned", reason: absence, cause: undefined };
  const objection = agent && objectionOf(agent);
  // What was heard before says nothing about the line as it will come back.
  if (objection !== undefined) return { ...fresh(state), verdict: "down", reason: objection, cause: "agent" };
  if (isStillDown(state, nowMs)) return state;
  if (state.unanswered >= unansweredUntilDown && state.alive.size === 0) {
    return { ...state, verdict: "down", reason: "nothing answers over it", cause: "silence" };
  }
  const isUp = agent?.state === "up" || state.answers > 0 || state.alive.size > 0;
  return { ...state, verdict: isUp ? "up" : "unknown", reason: undefined, cause: undefined };
}

/** Why the line is not on this host; undefined: it is. */
function absenceOf({ unbound, agent }: LineState): string | undefined {
  if (unbound !== undefined) return unbound;
  return agent?.state === "unprovisioned" ? (agent.reason ?? "not on this host yet") : undefined;
}

/** It was down, nobody objects any more, and it has yet to prove itself. */
function isStillDown(state: LineState, nowMs: number): boolean {
  if (state.cause === "silence") return state.answers < answersUntilUp;
  return state.cause === "agent" && state.agent !== undefined && !isBack(state, nowMs);
}

function isBack(state: LineState, nowMs: number): boolean {
  return state.answers >= answersUntilUp || nowMs - state.steadySinceMs >= steadyUntilUpMs;
}

function fresh(state: LineState): LineState {
  return { ...state, alive: unknownLine.alive, unanswered: 0, answers: 0 };
}

/** Why the agent thinks that the line carries nothing; undefined: it does not think so. */
export function objectionOf(report: ConnectionHealth): string | undefined {
  if (report.state === "down" && report.reason !== null) return report.reason;
  if (report.link === "down") return "link down";
  if (report.link === "missing") return "its network device is missing";
  if (report.route === "missing") return "its route is missing";
  if (report.bgp !== null && report.bgp !== "Established") return `BGP ${report.bgp}`;
  if (report.bfd === "down") return "BFD down";
  return report.state === "down" ? "down" : undefined;
}
