import assert from "node:assert/strict";
import type { Reason } from "@tandem/reasons";
import type { Pending, Verdict } from "../pipeline/verdict.ts";

export function assertPasses(verdict: Verdict | Pending, text?: string | RegExp): void {
  assert.equal(verdict.kind, "pass", verdict.text);
  if (text !== undefined) assertText(verdict.text, text);
}

/** Refused for that reason; the status is that of the reason unless the verdict has its own. */
export function assertRefused(
  verdict: Verdict | Pending,
  reason: Reason,
  text?: string | RegExp,
): Extract<Verdict, { kind: "refuse" }> {
  assert.ok(verdict.kind === "refuse", `${verdict.kind}: ${verdict.text}`);
  assert.equal(verdict.reason.name, reason.name, verdict.text);
  if (text !== undefined) assertText(verdict.text, text);
  return verdict;
}

function assertText(actual: string, expected: string | RegExp): void {
  if (typeof expected === "string") assert.equal(actual, expected);
  else assert.match(actual, expected);
}
