import { newTag } from "@tandem/sip/user-agent";
import type { Attempt } from "./attempt.ts";

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

  /** Our To tag for a response of the callee. */
  tagFor(attempt: Attempt, remoteTag: string): string {
    for (const dialog of this.#dialogs) {
      if (dialog.attempt === attempt && dialog.remoteTag === remoteTag) return dialog.localTag;
    }
    const localTag = newTag();
    this.#dialogs.push({ attempt, remoteTag, localTag });
    return localTag;
  }
}
