import type { CallFacts, JoinedLegs, MediaJournal, SessionTimerJournal, SwitchedCall } from "@tandem/b2bua";
import type { DialogJournal } from "@tandem/sip/dialog";
import type { CallIdentity } from "./call-record.ts";

/** Version of the entry's shape; entries of another version are not adopted but closed with a record. */
export const callJournalVersion = 1;

export interface LegJournal {
  readonly dialog: DialogJournal;
  readonly interfaceName: string;
  readonly connection: string | null;
  /** Left out: the leg has no session timer. */
  readonly session?: SessionTimerJournal;
}

/** Everything a restarted gateway needs to go on with an answered call. */
export interface CallJournal {
  readonly version: number;
  readonly identity: CallIdentity;
  readonly facts: CallFacts;
  readonly ingress: LegJournal;
  readonly egress: LegJournal;
  readonly media: MediaJournal;
  readonly maximumDurationMs: number;
  readonly mediaInactivityMs: number;
  readonly callSidHeaderField: string;
}

/** The entry of a call whose legs are joined; undefined before. `nowMs` stands for the answer that follows. */
export function callJournal(
  identity: CallIdentity,
  call: SwitchedCall,
  nowMs: number,
): CallJournal | undefined {
  const { legs, terms } = call;
  const media = call.media.toJournal(legs?.sessions.isAny === true);
  if (legs === undefined || media === undefined) return undefined;
  return {
    version: callJournalVersion,
    identity,
    facts: { ...call.facts, answeredAtMs: call.facts.answeredAtMs ?? nowMs },
    ingress: legJournal(legs, "ingress"),
    egress: legJournal(legs, "egress"),
    media,
    maximumDurationMs: terms.maximumDurationMs,
    mediaInactivityMs: terms.mediaInactivityMs,
    callSidHeaderField: terms.callSidHeaderField,
  };
}

export function legJournal(legs: JoinedLegs, side: "ingress" | "egress"): LegJournal {
  const usage = legs.leg(side);
  const session = legs.sessions.toJournal(side);
  return {
    dialog: usage.dialog.toJournal(),
    interfaceName: usage.path.interfaceName,
    connection: usage.path.connection ?? null,
    ...(session === undefined ? {} : { session }),
  };
}
