/** Requests to control in the style of its API: forms in, JSON out, Basic authentication. */
import { CliError } from "../cli-error.ts";
import type { Connection } from "./connection.ts";

export type JsonObject = Readonly<Record<string, unknown>>;
/** A parameter may be repeated. */
export type Form = readonly (readonly [name: string, value: string])[];

/** One request may take this long: explain goes through a gateway. */
const requestTimeoutMs = 30_000;
/** Pages that `listAll` follows before it gives up on a list that never ends. */
const maximumPages = 1000;

/** What control answered instead of what was asked for. */
export class RestFailure extends CliError {
  readonly httpStatus: number;
  readonly code: number | undefined;

  constructor(httpStatus: number, code: number | undefined, message: string) {
    super(
      code === undefined
        ? `HTTP ${httpStatus}: ${message}`
        : `error ${code} (HTTP ${httpStatus}): ${message}`,
    );
    this.httpStatus = httpStatus;
    this.code = code;
  }
}

export class RestClient {
  readonly connection: Connection;
  /** The account that requests are about: it stands in the paths of 2010-04-01. */
  readonly accountSid: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** `actingFor`: an account that the caller's reaches; left out, requests are about the caller's own. */
  constructor(connection: Connection, actingFor?: string) {
    const { accountSid, authToken } = connection;
    this.connection = connection;
    this.accountSid = actingFor ?? accountSid;
    this.#headers = {
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`,
      accept: "application/json",
      ...(actingFor !== undefined && { "x-tandem-account": actingFor }),
    };
  }

  /** Throws RestFailure for an error of the API, CliError when control cannot be reached. */
  async request(method: "GET" | "POST" | "DELETE", path: string, form: Form = []): Promise<JsonObject> {
    const parameters = new URLSearchParams(form.map(([name, value]) => [name, value]));
    const hasQuery = method !== "POST" && parameters.size > 0;
    const separator = path.includes("?") ? "&" : "?";
    const url = `${this.connection.url}${path}${hasQuery ? `${separator}${parameters}` : ""}`;
    return this.#send(url, method, method === "POST" ? parameters : null);
  }

  /** Every row of a list, over all its pages; `limit` rows at most. Both styles of lists are understood. */
  async listAll(path: string, key: string, filters: Form, limit: number): Promise<readonly JsonObject[]> {
    const rows: JsonObject[] = [];
    const pageSize = String(Math.min(limit, 1000));
    let page = await this.request("GET", path, [...filters, ["PageSize", pageSize]]);
    for (let count = 1; ; count += 1) {
      rows.push(...rowsOf(page, key));
      const next = nextPageOf(page);
      if (next === undefined || rows.length >= limit) return rows.slice(0, limit);
      if (count >= maximumPages) throw new CliError(`the list does not end after ${maximumPages} pages`);
      page = await this.request("GET", next);
    }
  }

  async #send(url: string, method: string, body: URLSearchParams | null): Promise<JsonObject> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method,
        body,
        headers: this.#headers,
        signal: AbortSignal.timeout(requestTimeoutMs),
        // The token goes to the control that was named and nowhere else.
        redirect: "error",
      });
      text = await response.text();
    } catch (error) {
      throw new CliError(`cannot reach control at ${this.connection.url}: ${causeOf(error)}`);
    }
    if (!response.ok) throw failureOf(response.status, text);
    if (text === "") return {};
    return parseObject(text) ?? raiseNoJson(url);
  }
}

function raiseNoJson(url: string): never {
  throw new CliError(`${url} did not answer with a JSON object: is this control?`);
}

function failureOf(status: number, text: string): RestFailure {
  const body = parseObject(text);
  const code = body?.["code"];
  const message = body?.["message"];
  return new RestFailure(
    status,
    typeof code === "number" ? code : undefined,
    typeof message === "string" ? message : "no error message of control",
  );
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function rowsOf(page: JsonObject, key: string): readonly JsonObject[] {
  const rows = page[key];
  if (!Array.isArray(rows)) throw new CliError(`the answer has no list ${key}`);
  return rows;
}

/** v1 lists name the next page by its address, 2010-04-01 lists by its path. Only the path is used. */
function nextPageOf(page: JsonObject): string | undefined {
  const meta = page["meta"] as JsonObject | undefined;
  const next = meta?.["next_page_url"] ?? page["next_page_uri"];
  if (typeof next !== "string" || next === "") return undefined;
  const { pathname, search } = new URL(next, "http://control.invalid");
  return pathname + search;
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return cause.errors.map((each: unknown) => causeOf(each)).join("; ");
  return cause instanceof Error ? cause.message : error.message;
}
