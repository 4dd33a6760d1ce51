import { type Fetch, request } from "./client.ts";
import type { ConsoleLogin } from "./console-login.ts";
import { partOf, type Row, rowsOf, textOf } from "./row.ts";

/** Asks for the caller's account. Throws an `ApiFault`, of status 401 when the credentials are wrong. */
export async function logIn(username: string, password: string, fetchThere: Fetch): Promise<ConsoleLogin> {
  const path = "/2010-04-01/Accounts.json?PageSize=1000";
  const answer = await request(fetchThere, { method: "GET", path, username, password });
  const account = ownAccount(rowsOf(answer, "accounts"), username);
  return {
    username,
    password,
    accountSid: textOf(account, "sid"),
    accountName: textOf(account, "friendly_name"),
    isOperator: partOf(account, "tandem")["is_operator"] === true,
    isSubaccount: textOf(account, "sid") !== textOf(account, "owner_account_sid"),
  };
}

/** The list also has the subaccounts. With an API key, the caller's own is the one that owns the others. */
export function ownAccount(accounts: readonly Row[], username: string): Row {
  const named = accounts.find((account) => textOf(account, "sid") === username);
  const owner = accounts.find((account) => textOf(account, "sid") === textOf(account, "owner_account_sid"));
  return named ?? owner ?? accounts[0] ?? {};
}
