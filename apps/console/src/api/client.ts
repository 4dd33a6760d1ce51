import { ApiFault, faultOf } from "./api-fault.ts";
import { basicCredentials, type ConsoleLogin, type NamedAccount } from "./console-login.ts";
import { type ListPage, listPageOf } from "./list-page.ts";
import type { Row } from "./row.ts";

/** Parameters by name; one that is repeated stands there more than once. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** The part of `fetch` that is needed. */
export type Fetch = (address: string, request: RequestInit) => Promise<Response>;

/** A client of control's REST interface: form in, JSON out, an `ApiFault` when it is refused. */
export class Client {
  readonly consoleLogin: ConsoleLogin;
  readonly #fetch: Fetch;
  readonly #shell: ClientShell;

  constructor(consoleLogin: ConsoleLogin, fetchThere: Fetch, shell: ClientShell) {
    this.consoleLogin = consoleLogin;
    this.#fetch = fetchThere;
    this.#shell = shell;
  }

  /** Of the account that everything is about. */
  get accountSid(): string {
    const { accountSid, actingFor } = this.consoleLogin;
    return actingFor?.sid ?? accountSid;
  }

  /** From now on everything is about that account; undefined: about the login's own. */
  actFor(account: NamedAccount | undefined): void {
    this.#shell.actFor(account);
  }

  get(path: string, query: Parameters = []): Promise<Row> {
    return this.#send("GET", withQuery(this.#place(path), query));
  }

  async list(path: string, key: string, query: Parameters = []): Promise<ListPage> {
    return listPageOf(await this.get(path, query), key);
  }

  post(path: string, form: Parameters): Promise<Row> {
    return this.#send("POST", this.#place(path), form);
  }

  delete(path: string): Promise<Row> {
    return this.#send("DELETE", this.#place(path));
  }

  /** `{account}` is where the account's resources of 2010-04-01 are. */
  #place(path: string): string {
    return path.replace("{account}", `/2010-04-01/Accounts/${this.accountSid}`);
  }

  async #send(method: string, path: string, form?: Parameters): Promise<Row> {
    const { username, password, actingFor } = this.consoleLogin;
    const account = path.startsWith("/v1/") ? actingFor?.sid : undefined;
    try {
      return await request(this.#fetch, {
        method,
        path,
        username,
        password,
        ...(form && { form }),
        ...(account !== undefined && { account }),
      });
    } catch (error) {
      if (error instanceof ApiFault && error.status === 401) this.#shell.refused();
      throw error;
    }
  }
}

/** What the client needs of the whole. */
export interface ClientShell {
  /** The credentials are not taken any more. */
  readonly refused: () => void;
  readonly actFor: (account: NamedAccount | undefined) => void;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly username: string;
  readonly password: string;
  readonly form?: Parameters;
  /** SID of the account that a request of v1 is about; left out, the caller's. */
  readonly account?: string;
}

/** Throws an `ApiFault`. */
export async function request(fetchThere: Fetch, asked: ApiRequest): Promise<Row> {
  const { method, path, username, password, form, account } = asked;
  const response = await fetchThere(path, {
    method,
    headers: {
      authorization: basicCredentials(username, password),
      ...(account !== undefined && { "x-tandem-account": account }),
    },
    // Without credentials of the browser's own it does not ask for any either when control answers 401.
    credentials: "omit",
    cache: "no-store",
    ...(form && { body: new URLSearchParams(form.map(([name, value]) => [name, value])) }),
  }).catch(() => {
    throw new ApiFault(0, undefined, "Control does not answer.");
  });
  const text = await response.text();
  if (!response.ok) throw faultOf(response.status, text);
  return text === "" ? {} : (JSON.parse(text) as Row);
}

function withQuery(path: string, query: Parameters): string {
  if (query.length === 0) return path;
  const text = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
  return `${path}${path.includes("?") ? "&" : "?"}${text}`;
}
