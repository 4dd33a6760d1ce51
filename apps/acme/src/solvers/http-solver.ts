import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Challenge, Solver } from "./solver.ts";

const prefix = "/.well-known/acme-challenge/";

/** What a stranger may cost: port 80 is open to everybody. */
const limits = { connections: 64, headerBytes: 4096, requestMs: 10_000 } as const;

/** Answers http-01 challenges (RFC 8555 §8.3) by itself. Listens only while there is one. */
export class HttpSolver implements Solver {
  readonly type = "http-01";
  readonly #address: string;
  readonly #port: number;
  readonly #proofs = new Map<string, string>();
  #server: Server | undefined;

  constructor(address: string, port: number) {
    this.#address = address;
    this.#port = port;
  }

  /** Undefined: it does not listen. */
  get port(): number | undefined {
    return (this.#server?.address() as AddressInfo | null | undefined)?.port;
  }

  async add({ token, proof }: Challenge): Promise<void> {
    this.#proofs.set(token, proof);
    if (this.#server !== undefined) return;
    const server = createServer(
      {
        maxHeaderSize: limits.headerBytes,
        requestTimeout: limits.requestMs,
        headersTimeout: limits.requestMs,
        connectionsCheckingInterval: limits.requestMs,
      },
      (request, response) => this.#answer(request, response),
    );
    server.maxConnections = limits.connections;
    this.#server = server;
    const listening = Promise.withResolvers<void>();
    server.once("error", listening.reject);
    server.listen(this.#port, this.#address, listening.resolve);
    try {
      await listening.promise;
    } catch (error) {
      this.#proofs.delete(token);
      this.#server = undefined;
      throw error;
    }
  }

  async remove({ token }: Challenge): Promise<void> {
    this.#proofs.delete(token);
    if (this.#proofs.size > 0) return;
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
  }

  #answer({ method, url = "" }: IncomingMessage, response: ServerResponse): void {
    const isAsked = (method === "GET" || method === "HEAD") && url.startsWith(prefix);
    const proof = isAsked ? this.#proofs.get(url.slice(prefix.length)) : undefined;
    response.setHeader("Connection", "close");
    if (proof === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": "application/octet-stream" }).end(proof);
  }
}
