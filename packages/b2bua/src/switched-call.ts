import type { SteadyTime } from "@tandem/clock";
import type { Reason } from "@tandem/reasons";
import type { SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import type { Path } from "@tandem/sip/user-agent";
import type { CallFacts, ReleasedBy } from "./call-facts.ts";
import type { CallMedia } from "./call-media.ts";
import type { CallTerms } from "./call-plan.ts";
import type { JoinedLegs } from "./joined-legs.ts";
import type { Side } from "./media-anchor.ts";

/** A call as the program that runs it sees it: one that came in (`Call`), or one that a transfer makes (`TransferCall`). */
export interface SwitchedCall {
  readonly terms: CallTerms;
  readonly facts: CallFacts;
  /** What the times in the facts are by. */
  readonly time: SteadyTime;
  /** Undefined until somebody has answered. */
  readonly legs: JoinedLegs | undefined;
  readonly media: CallMedia;
  /** Call-ID of the attempt under way, or of the one that answered. */
  readonly attemptSipCallId: string | undefined;
  /** By which network the egress leg leaves; undefined: it does not, yet. */
  readonly attemptPath: Path | undefined;
  start(): void;
  /** Ends the call from outside. */
  hangUp(releasedBy: ReleasedBy, reason: Reason): void;
  /** A private line is dead: set-up over it goes on elsewhere. */
  onConnectionDown(connectionSid: string, text: string): void;
  /** A fault of ours inside this call: it alone ends. */
  onFault(): void;
  /** It could not be ended in order: whatever the far ends think, nothing of it stays here. */
  abandon(): void;
}

/** What a call tells the program that runs it. */
export interface CallUser {
  /** A 18x was passed on. */
  onRinging(call: SwitchedCall): void;
  /** Both legs are known: write the journal, then call `done`; the 200 goes out then. Again at each target refresh. */
  onJournal(call: SwitchedCall, done: () => void): void;
  /** An attempt failed: its facts are the last of `call.facts.attempts`. */
  onAttemptFailed(call: SwitchedCall): void;
  /** A candidate was not tried: its facts are the last of `call.facts.attempts`. */
  onCandidateSkipped(call: SwitchedCall): void;
  /** A side of an answered call wants the other one transferred (RFC 3515). The user answers the REFER. */
  onRefer(call: SwitchedCall, refer: SipRequest, transaction: ServerTransaction, side: Side): void;
  /** The call is over, its facts are complete, nothing of it is left. Called once. */
  onReleased(call: SwitchedCall): void;
}
