import { type AccountRow, findAccount, isSid, type Queryable } from "@tandem/database";
import { ApiError } from "./api-error.ts";
import type { Caller } from "./authentication.ts";

/**
 * The account, if the caller may act for it: its own, a subaccount of its own, any for the operator. Throws 20404 for
 * every other SID, whether it exists or not.
 */
export async function reachableAccount(
  database: Queryable,
  caller: Caller,
  sid: string,
): Promise<AccountRow> {
  const account = isSid(sid, "AC") ? await findAccount(database, sid) : undefined;
  if (account === undefined || !isReachable(caller, account)) throw new ApiError("notFound");
  return account;
}

function isReachable(caller: Caller, account: AccountRow): boolean {
  if (account.sid === caller.accountSid || account.parent_account_sid === caller.accountSid) return true;
  return caller.isOperator;
}
