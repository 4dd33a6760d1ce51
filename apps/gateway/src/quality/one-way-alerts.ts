import type { OneWayAudio } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { Alerts } from "../calls/alerts.ts";
import type { CallIdentity } from "../calls/call-record.ts";

/** Tells of calls in which one side was not heard: an alert for the trunk, and a count for the operator. */
export class OneWayAlerts {
  /** By the silent side, since the gateway began. */
  readonly counts: Record<OneWayAudio["silentSide"], number> = { caller: 0, callee: 0 };
  readonly #alerts: Alerts;

  constructor(alerts: Alerts) {
    this.#alerts = alerts;
  }

  /** A leg that was placed for a sister is told of there: the call is the sister's. */
  raise({ accountSid, trunkSid, leg }: CallIdentity, callSid: string, found: OneWayAudio): void {
    if (leg !== undefined) return;
    const { silentSide, sinceMs, foreignPackets } = found;
    const other = silentSide === "caller" ? "callee" : "caller";
    this.counts[silentSide] += 1;
    const text = `nothing came from the ${silentSide} after ${Math.round(sinceMs / 1000)} s of the call, while the ${other} was heard`;
    const why = foreignPackets === undefined ? "" : `; ${elsewhereText(foreignPackets)}`;
    this.#alerts.raise(reasons.oneWayAudio, { accountSid, trunkSid, callSid, text: text + why });
  }
}

/** What most often stands behind it, and what is to be done. */
function elsewhereText(foreignPackets: number): string {
  const packets = foreignPackets === 1 ? "1 packet" : `${foreignPackets} packets`;
  return `${packets} came from elsewhere than its SDP and source policy say: it may be behind NAT`;
}
