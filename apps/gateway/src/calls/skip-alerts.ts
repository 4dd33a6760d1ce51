import { type Reason, reasons } from "@tandem/reasons";

/** Skipped candidates that somebody has to mend: what the customer configured does not lead anywhere. */
const alertWorthy: ReadonlySet<Reason> = new Set([
  reasons.connectionSidMalformed,
  reasons.connectionNotFound,
  reasons.connectionNotActive,
  reasons.noLineToTarget,
  reasons.targetIsACarrier,
]);

export function isSkipAlert(reason: Reason): boolean {
  return alertWorthy.has(reason);
}
