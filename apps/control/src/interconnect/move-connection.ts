import type { ConnectionStatus } from "@tandem/contracts";
import {
  type ConnectionRow,
  deleteConnection,
  insertConnectionTransition,
  nextSnapshotVersion,
  type Transaction,
  updateConnection,
} from "@tandem/database";
import type { LineState, LineStep } from "./connection-machine.ts";

/** The machine's state of a line as it lies in the database. */
export function lineStateOf({ status, target }: Pick<ConnectionRow, "status" | "target">): LineState {
  if (status !== "in-transition") return status;
  return target === "active" ? "activating" : "deactivating";
}

/** What clients see of a state. */
export function statusOf(state: Exclude<LineState, "removed">): {
  readonly status: ConnectionStatus;
  readonly target: "active" | "inactive" | null;
} {
  if (state === "activating") return { status: "in-transition", target: "active" };
  if (state === "deactivating") return { status: "in-transition", target: "inactive" };
  return { status: state, target: null };
}

/**
 * Writes a step of the machine down: the new state and its place in the history. The row must be locked, and the
 * transaction must end with `bumpSnapshot`: gateways are told of the change by the version that it makes.
 */
export async function moveConnection(
  transaction: Transaction,
  row: Pick<ConnectionRow, "sid" | "status">,
  step: Extract<LineStep, { kind: "moved" }>,
  nowMs: number,
): Promise<void> {
  if (step.state === "removed") {
    await deleteConnection(transaction, row.sid);
    return;
  }
  const { status, target } = statusOf(step.state);
  await insertConnectionTransition(transaction, {
    connection_sid: row.sid,
    from_status: row.status,
    to_status: status,
    code: step.code,
    cause: step.cause,
    date_created: new Date(nowMs),
  });
  const isAwaited = status === "in-transition" || status === "pending-deletion";
  await updateConnection(transaction, row.sid, {
    status,
    target,
    awaited_snapshot_version: isAwaited ? await nextSnapshotVersion(transaction) : null,
  });
}
