import type { Clock } from "@tandem/clock";
import { compareSequences, type OverloadFeedback, type OverloadSequence } from "@tandem/sip/message";
import type { Target } from "@tandem/sip/transport";

/**
 * Longest validity that is believed, like that of Retry-After: one message must not silence us for longer. Deviation from
 * RFC 7339 §5.5: docs/decisions/0039-overload-is-told-to-neighbours.md.
 */
export const longestValidityMs = 3_600_000;
/** Targets whose feedback is held at once; beyond it the one that was told first is forgotten. */
export const maximumOverloadedTargets = 1000;
/** A number so much below the last one is no late response: the server counts anew (RFC 7339 §4.4). */
export const overflowBelow = 1000;

interface State {
  percentage: number;
  /** Monotonic. */
  untilMs: number;
  sequence: OverloadSequence | undefined;
}

/**
 * What next hops ask of us (RFC 7339 §5.4). One of an interface, a line, an address and a port; only those whose feedback is
 * in force are held, so that there is nothing to ask for while nobody is overloaded.
 *
 *   free ──oc above 0──▶ reduced ──newer oc──▶ reduced          reduced ──oc-validity over, or 0──▶ free
 */
export class OverloadedTargets {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onReduced: (target: Target, feedback: OverloadFeedback) => void;
  readonly #states = new Map<string, State>();
  /** INVITEs that were not sent. */
  shed = 0;

  /** @param random 0 to 1; @param onReduced a target that was free asks for less */
  constructor(
    clock: Clock,
    random: () => number,
    onReduced: (target: Target, feedback: OverloadFeedback) => void,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#onReduced = onReduced;
  }

  get size(): number {
    return this.#states.size;
  }

  /** Share that the target asks for now, 0 to 100. */
  percentageOf(target: Target): number {
    return this.#states.size === 0 ? 0 : (this.#inForce(keyOf(target))?.percentage ?? 0);
  }

  /** Whether a new call is one of those that must not go there. Each question is one draw. */
  sheds(target: Target): boolean {
    const percentage = this.percentageOf(target);
    if (percentage === 0 || this.#random() * 100 >= percentage) return false;
    this.shed += 1;
    return true;
  }

  onFeedback(feedback: OverloadFeedback, target: Target): void {
    const { percentage, sequence } = feedback;
    // The common case: a server that knows overload control, and has no overload.
    if (feedback.validityMs === 0 && this.#states.size === 0) return;
    const key = keyOf(target);
    const known = this.#inForce(key);
    if (known !== undefined && isOld(sequence, known.sequence)) return;
    const validityMs = Math.min(feedback.validityMs, longestValidityMs);
    this.#states.delete(key);
    // A share of nothing is kept all the same: a late response must not bring back what was before it.
    if (validityMs === 0 || (percentage === 0 && known === undefined)) return;
    this.#makeRoom();
    this.#states.set(key, { percentage, untilMs: this.#clock.monotonicMs() + validityMs, sequence });
    if (known === undefined) this.#onReduced(target, feedback);
  }

  #inForce(key: string): State | undefined {
    const state = this.#states.get(key);
    if (state === undefined || state.untilMs > this.#clock.monotonicMs()) return state;
    this.#states.delete(key);
    return undefined;
  }

  #makeRoom(): void {
    if (this.#states.size < maximumOverloadedTargets) return;
    const [first] = this.#states.keys();
    if (first !== undefined) this.#states.delete(first);
  }
}

/** RFC 7339 §5.4: the same number changes nothing, a lower one is late. Without a number what comes last counts. */
function isOld(sequence: OverloadSequence | undefined, last: OverloadSequence | undefined): boolean {
  if (sequence === undefined || last === undefined) return false;
  return compareSequences(sequence, last) <= 0 && last.whole - sequence.whole < overflowBelow;
}

function keyOf({ interfaceName, connection, address, port }: Target): string {
  return `${interfaceName}|${connection ?? ""}|${address}|${port}`;
}
