import { type AccountRow, findAccount, isSid, type Queryable } from "@tandem/database";
import type { FastifyRequest } from "fastify";
import { ApiError } from "./api-error.ts";
import type { Caller } from "./authentication.ts";

/** Who asks, and about which account. */
export type Asker = Pick<FastifyRequest, "caller" | "accountSid">;

/**
 * The account that a request names, reachable or not; undefined: none, it is about the caller's own. The paths of
 * 2010-04-01 have it in them. Those of v1 have no place for it: there a header field names it.
 */
export function namedAccount(
  request: Pick<FastifyRequest, "headers" | "params"> & {
    readonly routeOptions: { readonly url?: string | undefined };
  },
): string | undefined {
  if (request.routeOptions.url?.startsWith("/v1/") === true) {
    return request.headers["x-tandem-account"]?.toString();
  }
  return (request.params as { readonly AccountSid?: string }).AccountSid;
}

/** The operator asks about everything that there is, unless he names an account. */
export function isAboutExchange({ caller, accountSid }: Asker): boolean {
  return caller.isOperator && accountSid === caller.accountSid;
}

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
