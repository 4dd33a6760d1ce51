import type { SnapshotConnection } from "@tandem/contracts";
import { type Reason, reasons } from "@tandem/reasons";
import { mayUse } from "./connection-index.ts";
import type { RoutingTable } from "./routing-table.ts";

export type NamedConnection =
  | { readonly ok: true; readonly connection: SnapshotConnection }
  | { readonly ok: false; readonly reason: Reason; readonly text: string };

/**
 * The line that `tnx` names. One of another account is as good as none: nobody learns from our answer that it exists.
 * @param sid of the form of a connection SID
 */
export function namedConnection(table: RoutingTable, sid: string, accountSid: string): NamedConnection {
  const connection = table.connectionBySid(sid);
  if (connection === undefined || !mayUse(connection, accountSid)) {
    return { ok: false, reason: reasons.connectionNotFound, text: `${accountSid} has no connection ${sid}` };
  }
  if (connection.status !== "active") {
    return {
      ok: false,
      reason: reasons.connectionNotActive,
      text: `connection ${connection.sid} is ${connection.status}`,
    };
  }
  return { ok: true, connection };
}
