/** An HTTP server that answers like control with what a test gives it, and remembers what it was asked. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Answer {
  readonly status?: number;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

export interface ControlDouble {
  readonly url: string;
  /** `POST /v1/Trunks FriendlyName=x`, in order. */
  readonly requests: string[];
  readonly authorizations: (string | undefined)[];
  /** `X-Tandem-Account` of each. */
  readonly accounts: (string | string[] | undefined)[];
  close(): Promise<void>;
}

/** `answers` are given in order; the last one again and again. */
export async function startControlDouble(answers: readonly Answer[]): Promise<ControlDouble> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const accounts: ControlDouble["accounts"] = [];
  const server = createServer((request, response) => {
    void describe(request).then((line) => {
      const { status = 200, body = {} } = answers[Math.min(requests.length, answers.length - 1)] ?? {};
      requests.push(line);
      authorizations.push(request.headers.authorization);
      accounts.push(request.headers["x-tandem-account"]);
      response.writeHead(status, { connection: "close" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    authorizations,
    accounts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function describe(request: IncomingMessage): Promise<string> {
  const body = await text(request);
  return `${request.method} ${request.url}${body === "" ? "" : ` ${body}`}`;
}
