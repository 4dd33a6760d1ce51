/** Who is logged in. It lives in the tab's session storage: closing the tab, or logging out, forgets it. */

export interface NamedAccount {
  readonly sid: string;
  readonly name: string;
}

export interface ConsoleLogin {
  /** SID of an account, or of an API key. */
  readonly username: string;
  readonly password: string;
  readonly accountSid: string;
  readonly accountName: string;
  /** May see and change carriers, gateways and the exchange. */
  readonly isOperator: boolean;
  /** It belongs to another account, and has none of its own. */
  readonly isSubaccount: boolean;
  /** The account that everything is about; left out, the login's own. */
  readonly actingFor?: NamedAccount | undefined;
}

const key = "tandem-console-login";

export type LoginStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Undefined: nobody is logged in, or what is stored is of another version. */
export function readConsoleLogin(storage: LoginStorage): ConsoleLogin | undefined {
  try {
    const stored: unknown = JSON.parse(storage.getItem(key) ?? "null");
    return isConsoleLogin(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

export function keepConsoleLogin(storage: LoginStorage, consoleLogin: ConsoleLogin): void {
  storage.setItem(key, JSON.stringify(consoleLogin));
}

export function forgetConsoleLogin(storage: LoginStorage): void {
  storage.removeItem(key);
}

/** An API key does what its account can, except make keys and accounts. */
export function isKeyLogin({ username }: ConsoleLogin): boolean {
  return username.startsWith("SK");
}

/** Value of the Authorization header field (RFC 7617 §2.1, UTF-8). */
export function basicCredentials(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function isConsoleLogin(value: unknown): value is ConsoleLogin {
  if (typeof value !== "object" || value === null) return false;
  const one = value as Readonly<Record<string, unknown>>;
  const texts = ["username", "password", "accountSid", "accountName"];
  const facts = ["isOperator", "isSubaccount"];
  return (
    texts.every((name) => typeof one[name] === "string") &&
    facts.every((name) => typeof one[name] === "boolean") &&
    (one["actingFor"] === undefined || isNamedAccount(one["actingFor"]))
  );
}

function isNamedAccount(value: unknown): value is NamedAccount {
  if (typeof value !== "object" || value === null) return false;
  const { sid, name } = value as Readonly<Record<string, unknown>>;
  return typeof sid === "string" && typeof name === "string";
}
