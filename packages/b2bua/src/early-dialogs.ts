import { newTag } from "@tandem/sip/user-agent";
import type { Attempt } from "./attempt.ts";

/** Early dialogs of one attempt that the caller is told of. A callee that forks without end is not heard beyond them. */
export const maximumForks = 16;

interface EarlyDialog {
  readonly attempt: Attempt;
  readonly remoteTag: string;
  readonly localTag: string;
}

/**
 * The To tags that a caller has seen. Each attempt, and each fork behind it, is an early dialog of its own towards the
 * caller (RFC 3261 §12.1), so that early media of one is never taken for that of another.
 */
export class EarlyDialogs {
  readonly #dialogs: EarlyDialog[] = [];

  /** Our To tag for a provisional response of the callee; undefined: the attempt has forked too often, and nobody is told. */
  provisionalTag(attempt: Attempt, remoteTag: string): string | undefined {
    const known = this.#find(attempt, remoteTag);
    if (known !== undefined) return known.localTag;
    const forks = this.#dialogs.filter((dialog) => dialog.attempt === attempt).length;
    return forks < maximumForks ? this.#add(attempt, remoteTag) : undefined;
  }

  /** Our To tag for the 2xx of the callee, however many forks there were. */
  answerTag(attempt: Attempt, remoteTag: string): string {
    return this.#find(attempt, remoteTag)?.localTag ?? this.#add(attempt, remoteTag);
  }

  #find(attempt: Attempt, remoteTag: string): EarlyDialog | undefined {
    return this.#dialogs.find((dialog) => dialog.attempt === attempt && dialog.remoteTag === remoteTag);
  }

  #add(attempt: Attempt, remoteTag: string): string {
    const localTag = newTag();
    this.#dialogs.push({ attempt, remoteTag, localTag });
    return localTag;
  }
}
