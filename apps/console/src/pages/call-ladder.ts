/** A call as a ladder: who said what to whom, from the record of the call. Pure; `ladder-view.ts` draws it. */
import { numberOf, partOf, type Row, rowsOf, textOf } from "../api/row.ts";

/** `out`: from the exchange to the far side. `back`: from the far side. On the caller's side the same, mirrored. */
export interface Rung {
  readonly side: "caller" | "callee";
  readonly direction: "right" | "left";
  /** What the arrow says: a request, or a status. */
  readonly label: string;
  readonly tone: "neutral" | "good" | "bad" | "idle";
  /** More about it, one a line. */
  readonly notes: readonly string[];
  /** Number of the attempt, from 1. */
  readonly attempt: number | undefined;
  /** Its reason's code: leads to the reason's page. */
  readonly reasonCode: string;
}

/** In order. Empty for a call in progress, of which nothing is known yet. */
export function ladderOf(call: Row): readonly Rung[] {
  const details = partOf(call, "tandem");
  if (textOf(details, "gateway") === "") return [];
  return [
    invited(call, details),
    ...rowsOf(details, "attempts").flatMap((attempt) => attemptRungs(attempt, textOf(call, "to"))),
    answered(details),
    ...released(details),
  ];
}

function rung(parts: Partial<Rung> & Pick<Rung, "side" | "direction" | "label">): Rung {
  return { tone: "neutral", notes: [], attempt: undefined, reasonCode: "", ...parts };
}

function invited(call: Row, details: Row): Rung {
  const line = textOf(details, "ingress_connection_sid");
  return rung({
    side: "caller",
    direction: "right",
    label: "INVITE",
    notes: [
      `${textOf(call, "from")} calls ${textOf(call, "to")}`,
      `at ${textOf(details, "gateway")}, edge ${textOf(details, "edge")}`,
      ...(line === "" ? [] : [`over the line ${line}`]),
    ],
  });
}

function attemptRungs(attempt: Row, called: string): Rung[] {
  const number = (numberOf(attempt, "index") ?? 0) + 1;
  const result = textOf(attempt, "result");
  const place = [
    textOf(attempt, "edge") === "" ? "" : `from edge ${textOf(attempt, "edge")}`,
    textOf(attempt, "via_gateway") === "" ? "" : `by the gateway ${textOf(attempt, "via_gateway")}`,
    textOf(attempt, "connection_sid") === "" ? "" : `over the line ${textOf(attempt, "connection_sid")}`,
  ].filter((text) => text !== "");
  const target = textOf(attempt, "url") || `${called} by a carrier`;
  const reason = reasonNotes(attempt);
  const reasonCode = textOf(attempt, "reason_code");
  if (result === "skipped") {
    return [
      rung({
        side: "callee",
        direction: "right",
        label: "not tried",
        tone: "idle",
        attempt: number,
        notes: [target, ...place, ...reason],
        reasonCode,
      }),
    ];
  }
  const delay = numberOf(attempt, "post_dial_delay_ms");
  return [
    rung({ side: "callee", direction: "right", label: "INVITE", attempt: number, notes: [target, ...place] }),
    rung({
      side: "callee",
      direction: "left",
      label: statusOf(attempt, "no answer"),
      tone: result === "answered" ? "good" : "bad",
      notes: [...(delay === undefined ? [] : [`after ${Math.round(delay)} ms`]), ...reason],
      reasonCode,
      attempt: number,
    }),
  ];
}

function answered(details: Row): Rung {
  const status = numberOf(details, "status_code");
  const isAnswered = status !== undefined && status < 300;
  return rung({
    side: "caller",
    direction: "left",
    label: status === undefined ? "nothing" : statusOf(details, ""),
    tone: isAnswered ? "good" : "bad",
    notes: isAnswered ? [] : reasonNotes(details),
    reasonCode: isAnswered ? "" : textOf(details, "reason_code"),
  });
}

/** Only what was answered is ended by a BYE. */
function released(details: Row): Rung[] {
  const status = numberOf(details, "status_code");
  const by = textOf(details, "released_by");
  if (status === undefined || status >= 300 || by === "") return [];
  return [
    rung({
      side: by === "callee" ? "callee" : "caller",
      direction: by === "caller" ? "right" : "left",
      label: "BYE",
      notes: [`released by the ${by}`, ...reasonNotes(details)],
      reasonCode: textOf(details, "reason_code"),
    }),
  ];
}

function statusOf(row: Row, none: string): string {
  const code = textOf(row, "status_code");
  const phrase = textOf(row, "reason_phrase") || (code === "200" ? "OK" : "");
  return [code, phrase].filter((text) => text !== "").join(" ") || none;
}

/** Nothing when the text only says the status again. */
function reasonNotes(row: Row): string[] {
  const text = textOf(row, "reason_text");
  return text === "" || text === statusOf(row, "") ? [] : [text];
}
