/** Who may do what with a private line. */
import { type ConnectionRow, findAccount, isSid, type Queryable } from "@tandem/database";
import { type Asker, isAboutExchange, reachableAccount } from "../conventions/account-scope.ts";
import { ApiError } from "../conventions/api-error.ts";

/** `shared`: may read the line and name it in its URLs and lists, no more. */
export type ConnectionAccess = "operator" | "owner" | "shared";

/** Undefined: the line is none of the account's. A parent account acts for its subaccounts. */
export function accessOf(asker: Asker, row: ConnectionRow): ConnectionAccess | undefined {
  if (isAboutExchange(asker)) return "operator";
  const { caller, accountSid } = asker;
  if (row.account_sid === accountSid || row.owner_parent_sid === accountSid) {
    return caller.isOperator ? "operator" : "owner";
  }
  return row.shared_account_sids.includes(accountSid) ? "shared" : undefined;
}

/**
 * The line and what the caller may do with it. Throws 62012 when there is none or it is a stranger's, 62053 to a
 * subaccount of its owner without a share.
 */
export async function accessibleConnection(
  database: Queryable,
  asker: Asker,
  row: ConnectionRow | undefined,
): Promise<{ readonly row: ConnectionRow; readonly access: ConnectionAccess }> {
  if (row === undefined) throw new ApiError("interconnectConnectionNotFound");
  const access = accessOf(asker, row);
  if (access === undefined) return refuseUse(database, asker.accountSid, row);
  return { row, access };
}

/** As `accessibleConnection`, for those who may change the line or see its secrets. Throws 62011 to others who use it. */
export async function ownConnection(
  database: Queryable,
  asker: Asker,
  row: ConnectionRow | undefined,
): Promise<{ readonly row: ConnectionRow; readonly access: "operator" | "owner" }> {
  const { row: found, access } = await accessibleConnection(database, asker, row);
  if (access === "shared")
    throw new ApiError("interconnectForbidden", "The connection is shared with it only.");
  return { row: found, access };
}

/**
 * Checks that the account's own objects may name this line; undefined: there is no such line. Throws 62012, 62053,
 * 62020 when it is being deleted, 62028 when it has expired.
 */
export async function checkNameable(
  database: Queryable,
  accountSid: string,
  row: ConnectionRow | undefined,
): Promise<void> {
  if (row === undefined) throw new ApiError("interconnectConnectionNotFound");
  const isUsable = row.account_sid === accountSid || row.shared_account_sids.includes(accountSid);
  if (!isUsable) await refuseUse(database, accountSid, row);
  if (row.status === "pending-deletion") throw new ApiError("connectionPendingDeletion");
  if (row.status === "expired") throw new ApiError("connectionExpired");
}

async function refuseUse(database: Queryable, accountSid: string, row: ConnectionRow): Promise<never> {
  const account = await findAccount(database, accountSid);
  const isSubaccount = account?.parent_account_sid === row.account_sid;
  throw new ApiError(isSubaccount ? "subaccountNotAuthorized" : "interconnectConnectionNotFound");
}

/** The SID in another spelling would be another line. Throws 62001. */
export function connectionSidOf(text: string): string {
  if (!isSid(text, "TX")) throw new ApiError("interconnectInvalidSid", "It is TX and 32 small hex digits.");
  return text;
}

/**
 * The account that a line is asked for: the given one, if it is within reach, else the one that the request is about. Throws 62022 for an
 * empty SID, 62009 for one that is unknown or not within reach.
 */
export async function interconnectAccount(
  database: Queryable,
  { caller, accountSid }: Asker,
  given: string | undefined,
): Promise<string> {
  if (given === undefined) return accountSid;
  if (given === "") throw new ApiError("accountSidMissing");
  try {
    // A request that names an account reaches no further than that one.
    const reach = accountSid === caller.accountSid ? caller : { ...caller, accountSid, isOperator: false };
    return (await reachableAccount(database, reach, given)).sid;
  } catch (error) {
    throw error instanceof ApiError ? new ApiError("interconnectAccountUnknown") : error;
  }
}
