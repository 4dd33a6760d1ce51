/** Turns the events of node:test into an outcome. */
import { inspect } from "node:util";
import type { Failure, Outcome, Skip } from "./outcome.ts";

/** The parts of a `test:pass` or `test:fail` event that matter; the reporter writes one as a line of JSON. */
export interface TestEvent {
  readonly type: "pass" | "fail";
  readonly name: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly isSuite: boolean;
  /** Names the reason when there is one. */
  readonly skip: string | boolean | undefined;
  readonly todo: string | boolean | undefined;
  readonly failureType: string | undefined;
  readonly detail: string | undefined;
}

interface RawEvent {
  readonly type: string;
  readonly data: unknown;
}

interface RawData {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details?: { readonly type?: string; readonly error?: Error & { failureType?: string } };
}

/** Undefined for events that decide nothing. */
export function toTestEvent({ type, data }: RawEvent): TestEvent | undefined {
  if (type !== "test:pass" && type !== "test:fail") return undefined;
  const { name, file, line, skip, todo, details } = data as RawData;
  const error = details?.error;
  return {
    type: type === "test:pass" ? "pass" : "fail",
    name,
    file,
    line,
    isSuite: details?.type === "suite",
    skip,
    todo,
    failureType: error?.failureType,
    detail: error === undefined ? undefined : describe(error),
  };
}

/** The error that the test threw, without the runner's wrapping. */
function describe(error: Error): string {
  const cause = error.cause ?? error;
  return cause instanceof Error ? (cause.stack ?? cause.message) + ownFields(cause) : inspect(cause);
}

function ownFields(error: Error): string {
  const { cause } = error;
  return cause === undefined ? "" : `\ncause: ${inspect(cause)}`;
}

/** Suites are not counted; a parent whose child failed is not counted again. */
export function outcomeOf(events: readonly TestEvent[], root: string): Outcome {
  let passed = 0;
  const failures: Failure[] = [];
  const skips: Skip[] = [];
  for (const event of events) {
    const where = placeOf(event, root);
    if (event.type === "fail") {
      if (event.failureType === "subtestsFailed") continue;
      failures.push({ where, name: event.name, detail: event.detail ?? "" });
    } else if (isSet(event.skip) || isSet(event.todo)) {
      skips.push({ where, name: event.name, why: whyOf(event) });
    } else if (!event.isSuite) passed += 1;
  }
  return { passed, failures, skips };
}

/** `test("…", { skip: "" })` skips too: node reports the option as it was given. */
function isSet(option: string | boolean | undefined): boolean {
  return option !== undefined && option !== false;
}

function whyOf({ skip, todo }: TestEvent): string {
  if (typeof skip === "string" && skip !== "") return skip;
  return isSet(todo) ? "marked as to be done" : "no reason given";
}

function placeOf({ file, line }: TestEvent, root: string): string {
  if (file === undefined) return "?";
  const path = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
  return line === undefined ? path : `${path}:${line}`;
}
