import type { DnsAnswer, RecordOf, RecordType } from "./resolver.ts";

export interface DnsQuestion {
  readonly type: RecordType;
  readonly name: string;
}

/** What is known now. undefined: not asked yet. */
export type KnownAnswers = <T extends RecordType>(
  type: T,
  name: string,
) => DnsAnswer<RecordOf[T]> | undefined;

/** Reads known answers and collects the questions that had none. */
export class DnsView {
  readonly missing: DnsQuestion[] = [];
  readonly #known: KnownAnswers;

  constructor(known: KnownAnswers) {
    this.#known = known;
  }

  ask<T extends RecordType>(type: T, name: string): DnsAnswer<RecordOf[T]> | undefined {
    const answer = this.#known(type, name);
    if (answer === undefined) this.missing.push({ type, name });
    return answer;
  }

  get isComplete(): boolean {
    return this.missing.length === 0;
  }
}
