import type { Reason } from "@tandem/reasons";

/** What a stage decides. */
export type Verdict =
  | { readonly kind: "pass"; readonly text: string }
  | {
      readonly kind: "refuse";
      readonly reason: Reason;
      /** In place of the reason's status code and phrase, where they depend on the case. */
      readonly statusCode?: number;
      readonly reasonPhrase?: string;
      /** Header fields of the response: a challenge, say. */
      readonly headerFields?: readonly { readonly name: string; readonly value: string }[];
      /** What exactly was wrong, for the record, the Warning and `explain`. */
      readonly text: string;
    };

/** A stage that has asked somebody: the call waits for its verdict, and nothing else does. */
export interface Pending {
  readonly kind: "wait";
  /** For what. */
  readonly text: string;
  /** Calls back once, in a time of its own, perhaps at once; `resume` says how it goes on. */
  readonly start: (done: (resume: () => Verdict | Pending) => void) => void;
}

export function pass(text: string): Verdict {
  return { kind: "pass", text };
}

export function refuse(
  reason: Reason,
  text: string,
  options: Omit<Extract<Verdict, { kind: "refuse" }>, "kind" | "reason" | "text"> = {},
): Verdict {
  return { kind: "refuse", reason, text, ...options };
}
