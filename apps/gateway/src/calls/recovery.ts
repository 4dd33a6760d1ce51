import { reasons } from "@tandem/reasons";
import type { JournalEntry } from "../ledger/ledger.ts";
import { AdoptedCall, type AdoptionServices } from "./adopted-call.ts";
import { type CallJournal, callJournalVersion } from "./call-journal.ts";
import { finishCall } from "./finished-call.ts";

export interface Recovery {
  readonly adopted: number;
  /** Entries that could not go on: they got a record that says so. */
  readonly closed: number;
}

/**
 * Adopts the calls of an earlier life of this gateway; what can't go on is closed with a record. An entry that nobody
 * can read is dropped: it must not keep the others, or the gateway, from starting.
 */
export function recoverCalls(services: AdoptionServices, entries: readonly JournalEntry[]): Recovery {
  let adopted = 0;
  let closed = 0;
  for (const entry of entries) {
    if (recover(services, entry) === "adopted") adopted += 1;
    else closed += 1;
  }
  return { adopted, closed };
}

function recover(services: AdoptionServices, entry: JournalEntry): "adopted" | "closed" {
  let journal: CallJournal | undefined;
  try {
    journal = read(entry.text);
    if (journal !== undefined && AdoptedCall.adopt(services, journal) !== undefined) return "adopted";
  } catch (error) {
    services.onFault(error, entry.callSid);
  }
  try {
    close(services, entry, journal);
  } catch (error) {
    services.onFault(error, entry.callSid);
    services.ledger.forget(entry.callSid);
  }
  return "closed";
}

/** Undefined: of another version. @throws SyntaxError when it is no JSON */
function read(text: string): CallJournal | undefined {
  const journal = JSON.parse(text) as CallJournal;
  return journal.version === callJournalVersion ? journal : undefined;
}

function close(services: AdoptionServices, entry: JournalEntry, journal: CallJournal | undefined): void {
  if (journal === undefined) {
    services.ledger.forget(entry.callSid);
    return;
  }
  const { facts } = journal;
  facts.adopted = true;
  // Never before the answer, even when the clock was set back meanwhile.
  facts.releasedAtMs = Math.max(services.ports.clock.wallMs(), facts.answeredAtMs ?? facts.setupAtMs);
  facts.releasedBy = "exchange";
  facts.reason = reasons.gatewayRestarted;
  facts.q850Cause = reasons.gatewayRestarted.q850Cause ?? 41;
  finishCall(services, journal.identity, facts);
}
