import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BlockCoverage } from "./block-coverage.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";

/** An input that did what none may. */
export interface Finding {
  readonly input: string;
  /** What it did: the error, or how long it took. */
  readonly what: string;
}

export interface FuzzReport {
  readonly target: string;
  readonly seed: number;
  readonly runs: number;
  readonly seconds: number;
  /** Characters of the sources that have run. */
  readonly characters: number;
  /** Inputs that were kept because they ran something new. */
  readonly corpus: number;
  /** Bytes that the heap has grown by in the second half, after a collection. */
  readonly grownBytes: number;
  readonly findings: readonly Finding[];
}

export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Inputs to begin with besides the target's seeds. */
  readonly kept?: readonly string[];
}

/** CPU that one input may take: hundred times what a long message needs. */
export const longestMs = 100;
/** Inputs between two looks at the coverage, which cost more than many inputs. */
const runsPerLook = 64;
const maximumCorpus = 4000;
/** Then it ends: what follows is most likely the same again. */
const maximumFindings = 3;

/**
 * Throws mutated inputs at a target for a while. Inputs that run a block for the first time are kept and mutated further.
 * The same seed gives the same inputs in the same order; the time only decides how many.
 */
export function fuzz(target: FuzzTarget, options: FuzzOptions): FuzzReport {
  return new Fuzzing(target, options).run();
}

class Fuzzing {
  readonly #target: FuzzTarget;
  readonly #options: FuzzOptions;
  readonly #random: Random;
  readonly #coverage: BlockCoverage;
  readonly #corpus: string[];
  readonly #findings: Finding[] = [];
  #runs = 0;

  constructor(target: FuzzTarget, options: FuzzOptions) {
    this.#target = target;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#coverage = new BlockCoverage(target.sources);
    this.#corpus = [...target.seeds, ...(options.kept ?? [])];
  }

  run(): FuzzReport {
    const { seconds, seed } = this.#options;
    const startedMs = performance.now();
    for (const input of this.#corpus) {
      this.#try(input);
      this.#coverage.take("one");
    }
    this.#goOnUntil(startedMs + seconds * 500);
    const half = heapUsed();
    this.#goOnUntil(startedMs + seconds * 1000);
    const grownBytes = heapUsed() - half;
    const { characters } = this.#coverage;
    return {
      target: this.#target.name,
      seed,
      runs: this.#runs,
      seconds: (performance.now() - startedMs) / 1000,
      characters,
      corpus: this.#corpus.length,
      grownBytes,
      findings: this.#findings,
    };
  }

  #goOnUntil(deadlineMs: number): void {
    while (performance.now() < deadlineMs && this.#findings.length < maximumFindings) {
      this.#search(Array.from({ length: runsPerLook }, () => this.#next()));
    }
  }

  /** Looks for the inputs that run something new: by halves, as long as there is something to be found in them. */
  #search(inputs: readonly string[]): void {
    for (const input of inputs) this.#try(input);
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined) {
      if (this.#coverage.take("one") && this.#corpus.length < maximumCorpus) this.#corpus.push(only);
      return;
    }
    if (!this.#coverage.take("several")) return;
    this.#coverage.forgetLast();
    const middle = inputs.length >> 1;
    this.#search(inputs.slice(0, middle));
    this.#search(inputs.slice(middle));
  }

  #next(): string {
    const { dictionary, maximumBytes } = this.#target;
    return mutate(this.#random.of(this.#corpus), this.#random, this.#corpus, dictionary, maximumBytes);
  }

  #try(input: string): void {
    this.#runs += 1;
    const before = performance.now();
    try {
      this.#target.run(input);
    } catch (error) {
      this.#found(input, error instanceof Error ? (error.stack ?? error.message) : String(error));
      return;
    }
    // The wall clock is cheap; only what was slow by it is asked for its CPU.
    if (performance.now() - before < longestMs) return;
    const cpuMs = Math.min(...Array.from({ length: 3 }, () => this.#cpuMsOf(input)));
    if (cpuMs > longestMs) this.#found(input, `took ${cpuMs.toFixed(0)} ms of CPU`);
  }

  #cpuMsOf(input: string): number {
    const before = process.threadCpuUsage();
    this.#target.run(input);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  }

  #found(input: string, what: string): void {
    if (this.#findings.length < maximumFindings) this.#findings.push({ input, what });
  }
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapUsed(): number {
  collect();
  return getHeapStatistics().used_heap_size;
}
