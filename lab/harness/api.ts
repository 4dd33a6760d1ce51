/** A client of control's REST interface for the lab: form in, JSON out, an error with the body when refused. */
export interface ApiCredentials {
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
}

export type ApiObject = Record<string, unknown> & { readonly sid: string };

/** The part of `fetch` that is needed here: control may live where only another process gets to. */
export type Fetch = (
  url: string,
  request: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string },
) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;

export class Api {
  readonly credentials: ApiCredentials;
  readonly #fetch: Fetch;

  constructor(credentials: ApiCredentials, fetchThere: Fetch = fetch) {
    this.credentials = credentials;
    this.#fetch = fetchThere;
  }

  /** Path of the account's own resources: `/2010-04-01/Accounts/AC…`. */
  get accountPath(): string {
    return `/2010-04-01/Accounts/${this.credentials.accountSid}`;
  }

  get(path: string): Promise<Record<string, unknown>> {
    return this.#send("GET", path);
  }

  async post(path: string, form: Readonly<Record<string, string | number | boolean>>): Promise<ApiObject> {
    return (await this.#send("POST", path, form)) as ApiObject;
  }

  delete(path: string): Promise<Record<string, unknown>> {
    return this.#send("DELETE", path);
  }

  async #send(
    method: string,
    path: string,
    form?: Readonly<Record<string, string | number | boolean>>,
  ): Promise<Record<string, unknown>> {
    const { url, accountSid, authToken } = this.credentials;
    const response = await this.#fetch(new URL(path, url).href, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`,
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(form === undefined ? {} : { body: formText(form) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  }
}

function formText(form: Readonly<Record<string, string | number | boolean>>): string {
  return new URLSearchParams(
    Object.entries(form).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}
