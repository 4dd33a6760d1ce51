import { html, type TemplateResult } from "lit";

/** How a state is to be taken. */
export type Tone = "good" | "busy" | "poor" | "bad" | "idle";

const tones: Readonly<Record<string, Tone>> = {
  up: "good",
  active: "good",
  completed: "good",
  answered: "good",
  connected: "good",
  pass: "good",
  enabled: "good",
  "in-progress": "busy",
  ringing: "busy",
  queued: "busy",
  "in-transition": "busy",
  draining: "busy",
  skip: "idle",
  skipped: "idle",
  canceled: "idle",
  disabled: "idle",
  inactive: "idle",
  unknown: "idle",
  warning: "poor",
  busy: "poor",
  "no-answer": "poor",
  "not-ready": "poor",
  "pending-deletion": "poor",
  expired: "idle",
  unprovisioned: "poor",
  suspended: "poor",
  closed: "idle",
  failed: "bad",
  refuse: "bad",
  down: "bad",
  error: "bad",
  disconnected: "bad",
};

/** The tone of a word of the interface; words that are not known are neutral. */
export function toneOf(state: string): Tone {
  return tones[state] ?? "idle";
}

/** The word, in its colour. */
export function stateBadge(state: string, tone: Tone = toneOf(state)): TemplateResult {
  return html`<span class="badge ${tone}">${state}</span>`;
}
