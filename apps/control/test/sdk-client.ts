/** The unmodified `twilio` SDK; only its HTTP client is replaced, by one that brings every host to ours. */
import type { FastifyInstance } from "fastify";
import twilio from "twilio";

export type SdkClient = ReturnType<typeof twilio>;

/** One answer as the SDK got it. */
export interface ApiAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

interface SdkRequest {
  readonly method: string;
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

const hosts = new Set(["trunking.twilio.com", "voice.twilio.com", "api.twilio.com", "control.tandem.test"]);

export function sdkClient(
  application: FastifyInstance,
  credentials: { readonly username: string; readonly password: string; readonly accountSid: string },
  answers: ApiAnswer[],
): SdkClient {
  const httpClient = { request: (request: SdkRequest) => carry(application, request, answers) };
  return twilio(credentials.username, credentials.password, {
    accountSid: credentials.accountSid,
    httpClient: httpClient as never,
  });
}

async function carry(application: FastifyInstance, request: SdkRequest, answers: ApiAnswer[]) {
  const url = new URL(request.uri);
  if (!hosts.has(url.host)) throw new Error(`the SDK asked ${url.host}`);
  appendAll(url.searchParams, request.params ?? {});
  const form = new URLSearchParams();
  appendAll(form, request.data ?? {});
  const authorization = `Basic ${Buffer.from(`${request.username}:${request.password}`).toString("base64")}`;
  const response = await application.inject({
    method: request.method.toUpperCase() as "GET",
    url: url.pathname + url.search,
    headers: { ...request.headers, authorization },
    ...(request.data === undefined ? {} : { payload: form.toString() }),
  });
  const body: unknown = response.body === "" ? undefined : response.json();
  answers.push({
    method: request.method.toLowerCase(),
    path: url.pathname,
    status: response.statusCode,
    body,
  });
  return { statusCode: response.statusCode, body: response.body, headers: response.headers };
}

/** As the SDK's own client writes lists and null: repeated keys, and nothing behind the `=`. */
function appendAll(target: URLSearchParams, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat())
      if (one !== undefined) target.append(name, one === null ? "" : `${one as string | number | boolean}`);
  }
}
