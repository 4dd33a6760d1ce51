import type { EgressCandidate } from "./call-plan.ts";

export interface QueuedCandidate {
  readonly candidate: EgressCandidate;
  /** What is thought to be dead is no objection any more. */
  readonly isLastResort: boolean;
}

/** Candidates of a call in the order to try them: what was put first, then as planned, then what was put off. */
export class CandidateQueue {
  readonly #queue: QueuedCandidate[];
  readonly #putOff: QueuedCandidate[] = [];

  constructor(planned: readonly EgressCandidate[]) {
    this.#queue = planned.map((candidate) => ({
      candidate,
      isLastResort: candidate.downReason !== undefined,
    }));
  }

  /** Undefined: every candidate has had its turn. */
  next(): QueuedCandidate | undefined {
    return this.#queue.shift() ?? this.#putOff.shift();
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#putOff.length === 0;
  }

  putFirst(candidate: EgressCandidate): void {
    this.#queue.unshift({ candidate, isLastResort: false });
  }

  /** To be tried when nothing else is left. Once: what comes from there is not put off again. */
  putOff({ candidate, isLastResort }: QueuedCandidate): void {
    if (!isLastResort) this.#putOff.push({ candidate, isLastResort: true });
  }
}
