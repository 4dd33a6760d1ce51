import type { JournalEntry } from "../ledger/ledger.ts";
import type { CallJournal } from "./call-journal.ts";

/** Private lines that calls of an earlier life are on. What can't be read names none. */
export function connectionsInJournal(entries: readonly JournalEntry[]): ReadonlySet<string> {
  const sids = new Set<string>();
  for (const { text } of entries) {
    for (const leg of legsOf(text)) if (typeof leg?.connection === "string") sids.add(leg.connection);
  }
  return sids;
}

function legsOf(text: string): readonly ({ readonly connection?: unknown } | undefined)[] {
  try {
    const journal = JSON.parse(text) as Partial<CallJournal> | null;
    return [journal?.ingress, journal?.egress];
  } catch {
    return [];
  }
}
