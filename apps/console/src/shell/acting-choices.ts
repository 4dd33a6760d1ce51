import type { ConsoleLogin, NamedAccount } from "../api/console-login.ts";
import { type Row, textOf } from "../api/row.ts";

export interface ActingChoice {
  readonly account: NamedAccount;
  readonly label: string;
}

/** The own account first, then the others by name. The one that is acted for is always among them. */
export function actingChoices(consoleLogin: ConsoleLogin, accounts: readonly Row[]): readonly ActingChoice[] {
  const { accountSid, accountName, actingFor } = consoleLogin;
  const others = accounts.map(choiceOf).filter(({ account }) => account.sid !== accountSid);
  const isMissing = actingFor !== undefined && others.every(({ account }) => account.sid !== actingFor.sid);
  if (isMissing) others.push({ account: actingFor, label: actingFor.name });
  return [
    { account: { sid: accountSid, name: accountName }, label: "Own account" },
    ...others.toSorted((one, other) => one.label.localeCompare(other.label)),
  ];
}

function choiceOf(row: Row): ActingChoice {
  const [sid, status] = [textOf(row, "sid"), textOf(row, "status")];
  const name = textOf(row, "friendly_name") || sid;
  return { account: { sid, name }, label: status === "active" ? name : `${name} (${status})` };
}
