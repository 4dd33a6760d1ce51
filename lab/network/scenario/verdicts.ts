import type { Timeline } from "./timeline.ts";

/** What a scenario expected and what it saw: a line for each, PASS or FAIL. */
export class Verdicts {
  readonly #timeline: Timeline;
  readonly #lines: { readonly isPass: boolean; readonly text: string }[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** `seen` says what was found, whatever the outcome: a PASS without figures convinces nobody. */
  expect(what: string, isPass: boolean, seen: string): void {
    const text = `${what} (${seen})`;
    this.#lines.push({ isPass, text });
    this.#timeline.tell("lab", `${isPass ? "seen as expected" : "NOT AS EXPECTED"}: ${text}`);
  }

  equal(what: string, seen: unknown, wanted: unknown): void {
    this.expect(what, Object.is(seen, wanted), `${String(seen)}, wanted ${String(wanted)}`);
  }

  /** A duration or a count that must not be more than `limit`. */
  atMost(what: string, seen: number, limit: number, unit: string): void {
    this.expect(what, seen <= limit, `${Math.round(seen)} ${unit}, at most ${limit}`);
  }

  atLeast(what: string, seen: number, limit: number, unit: string): void {
    this.expect(what, seen >= limit, `${Math.round(seen)} ${unit}, at least ${Math.round(limit)}`);
  }

  /** A scenario that expected nothing has shown nothing. */
  get isPass(): boolean {
    return this.#lines.length > 0 && this.#lines.every((line) => line.isPass);
  }

  get lines(): readonly string[] {
    return this.#lines.map(({ isPass, text }) => `${isPass ? "PASS" : "FAIL"}  ${text}`);
  }

  get failures(): readonly string[] {
    return this.#lines.filter((line) => !line.isPass).map((line) => line.text);
  }
}
