/**
 * Calls that are over and calls in progress in one list. Those that are over lie in the database, in order of their
 * records; those in progress are the newest and come after them: their place is a number above every sequence.
 */
import type { LiveCall } from "@tandem/contracts";
import {
  type CallFilters,
  type CallRow,
  findStoredCallSids,
  listCalls,
  type Page,
  type PageWindow,
  type Queryable,
  type TimeSpan,
} from "@tandem/database";

export type ListedCall =
  | { readonly sequence: number; readonly stored: CallRow }
  | { readonly sequence: number; readonly live: LiveCall };

/** Calls set up in one millisecond that keep places of their own. */
const placesPerMs = 100;

/**
 * One page. `live`: what gateways answered before the database is asked, so that a call that ends meanwhile is there
 * once at least; it is left out of the live ones when its record is stored already.
 */
export async function listAllCalls(
  database: Queryable,
  accountSid: string,
  live: readonly LiveCall[],
  filters: CallFilters,
  window: PageWindow,
): Promise<Page<ListedCall>> {
  const matching = live.filter((call) => call.accountSid === accountSid && matches(call, filters));
  const over = await findStoredCallSids(
    database,
    matching.map((call) => call.sid),
  );
  const inProgress = placed(matching.filter((call) => !over.has(call.sid)));
  const page = await listCalls(database, accountSid, filters, window);
  const stored = page.rows.map((row) => ({ sequence: row.sequence, stored: row }));
  return joined({ ...page, rows: stored }, inProgress, window);
}

/** The stored page, filled up with calls in progress from its newer end. */
export function joined(
  stored: Page<ListedCall>,
  inProgress: readonly ListedCall[],
  window: PageWindow,
): Page<ListedCall> {
  const { limit, after, before } = window;
  if (before !== undefined) {
    const all = [...stored.rows, ...inProgress.filter((call) => call.sequence < before)];
    return {
      rows: all.slice(-limit),
      hasPrevious: stored.hasPrevious || all.length > limit,
      hasNext: stored.hasNext || inProgress.some((call) => call.sequence >= before),
    };
  }
  const place = after ?? 0;
  const all = [...stored.rows, ...inProgress.filter((call) => call.sequence > place)];
  // Rows of the database that did not fit stand before all calls in progress.
  const rows = stored.hasNext ? stored.rows : all.slice(0, limit);
  return {
    rows,
    hasPrevious: stored.hasPrevious || inProgress.some((call) => call.sequence <= place),
    hasNext: stored.hasNext || all.length > limit,
  };
}

/** `calls` must be ordered by set-up time. */
function placed(calls: readonly LiveCall[]): ListedCall[] {
  let sequence = 0;
  return calls.map((live) => {
    sequence = Math.max(sequence + 1, Math.floor(live.setupAtMs) * placesPerMs);
    return { sequence, live };
  });
}

function matches(call: LiveCall, filters: CallFilters): boolean {
  const { callingNumber, calledNumber, status, trunkSid } = filters;
  return (
    isWanted(callingNumber, call.callingNumber) &&
    isWanted(calledNumber, call.calledNumber) &&
    isWanted(status, call.status) &&
    isWanted(trunkSid, call.trunkSid) &&
    // A call in progress has neither a parent nor an end.
    filters.parentCallSid === undefined &&
    filters.endTime === undefined &&
    isWithin(filters.startTime, call.setupAtMs) &&
    isFound(filters.search, call)
  );
}

function isWanted(wanted: string | undefined, value: string | null): boolean {
  return wanted === undefined || wanted === value;
}

function isWithin(span: TimeSpan | undefined, ms: number): boolean {
  const { from, to } = span ?? {};
  return (from === undefined || ms >= from.getTime()) && (to === undefined || ms < to.getTime());
}

function isFound(search: string | undefined, call: LiveCall): boolean {
  if (search === undefined) return true;
  const wanted = search.toLowerCase();
  const texts = [call.sid, call.callingNumber, call.calledNumber, call.trunkSid ?? ""];
  return texts.some((text) => text.toLowerCase().startsWith(wanted));
}
