import { type Profiler, Session } from "node:inspector";
import { type Span, spansRun, subtract } from "./spans.ts";

/**
 * What of the sources has run, as V8 counts the blocks in this very process. V8 leaves out a block that ran as often as the
 * one around it, so what counts is the text: the parts of a function that have never run. For one input by itself a block
 * that runs 2, 4, 8 … times as often as ever before is new, too: loops are a coverage of their own.
 */
export class BlockCoverage {
  /** One for the process, and never ended: V8 would not count again the blocks of what it has compiled by then. */
  static #session: Session | undefined;
  readonly #sources: readonly string[];
  /** Parts that have never run, of functions that have. */
  readonly #dark = new Map<string, readonly Span[]>();
  readonly #loops = new Set<string>();
  #characters = 0;
  /** How to take the last look back. */
  #undo: (() => void)[] = [];

  constructor(sources: readonly string[]) {
    this.#sources = sources;
    this.take("several");
    this.forgetLast();
  }

  static #shared(): Session {
    if (BlockCoverage.#session !== undefined) return BlockCoverage.#session;
    const session = new Session();
    session.connect();
    session.post("Profiler.enable");
    session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    BlockCoverage.#session = session;
    return session;
  }

  /** Characters of the sources that have run. */
  get characters(): number {
    return this.#characters;
  }

  /** Whether something has run for the first time since the last look, which was before one input, or before several. */
  take(since: "one" | "several"): boolean {
    this.#undo = [];
    // An inspector of one's own thread answers before `post` returns.
    BlockCoverage.#shared().post("Profiler.takePreciseCoverage", (error, taken) => {
      if (error !== null) throw error;
      for (const script of taken.result) {
        if (this.#sources.some((source) => script.url.includes(source))) this.#noteScript(script, since);
      }
    });
    return this.#undo.length > 0;
  }

  /** Takes back what the last look has added. */
  forgetLast(): void {
    for (const undo of this.#undo) undo();
    this.#undo = [];
  }

  #noteScript({ scriptId, functions }: Profiler.ScriptCoverage, since: "one" | "several"): void {
    for (const { ranges } of functions) {
      const [whole] = ranges;
      if (whole === undefined || whole.count === 0) continue;
      const key = `${scriptId} ${whole.startOffset} ${whole.endOffset}`;
      this.#noteFunction(key, { start: whole.startOffset, end: whole.endOffset }, spansRun(ranges));
      if (since === "one")
        for (const { count, startOffset } of ranges) this.#noteLoop(`${key} ${startOffset}`, count);
    }
  }

  #noteFunction(key: string, whole: Span, run: readonly Span[]): void {
    const before = this.#dark.get(key);
    const dark = before ?? [whole];
    const after = subtract(dark, run);
    const added = lengthOf(dark) - lengthOf(after);
    if (added === 0) return;
    this.#dark.set(key, after);
    this.#characters += added;
    this.#undo.push(() => {
      this.#characters -= added;
      if (before === undefined) this.#dark.delete(key);
      else this.#dark.set(key, before);
    });
  }

  #noteLoop(block: string, count: number): void {
    if (count < 2) return;
    const loop = `${block} ${Math.floor(Math.log2(count))}`;
    if (this.#loops.has(loop)) return;
    this.#loops.add(loop);
    this.#undo.push(() => this.#loops.delete(loop));
  }
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}
