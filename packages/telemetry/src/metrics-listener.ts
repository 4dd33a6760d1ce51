import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock, Timer } from "@tandem/clock";
import { type ExpositionFormat, expositionContentTypes, type Metrics } from "./metrics.ts";

export const metricsListenerLimits = {
  /** Connections at a time; further ones are closed at once. */
  maximumConnections: 16,
  /** For the header of a request to come. */
  headerTimeoutMs: 5_000,
  maximumHeaderBytes: 8 * 1024,
  /** From the header to the last byte taken by the other side; then the connection is cut. */
  responseTimeoutMs: 10_000,
} as const;

export interface MetricsListenerOptions {
  readonly clock: Clock;
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: Metrics;
  /** What is missing before work may be given to this program; empty: it is ready. */
  readonly notReady: () => readonly string[] | Promise<readonly string[]>;
  /** An error of ours, or one of the socket: that request gets 500, and everything else goes on. */
  readonly onFault: (error: unknown) => void;
}

interface Answer {
  readonly statusCode: number;
  readonly contentType: string;
  readonly text: string;
}

/**
 * Serves what a program says of itself to those that watch it: `/metrics`, `/healthz` (it lives), `/readyz` (it may get
 * work). One answer for each connection, so that nobody can queue up texts here by asking without reading.
 */
export class MetricsListener {
  readonly #options: MetricsListenerOptions;
  readonly #server: Server;

  constructor(options: MetricsListenerOptions) {
    this.#options = options;
    const { headerTimeoutMs, maximumHeaderBytes, maximumConnections } = metricsListenerLimits;
    this.#server = createServer(
      {
        headersTimeout: headerTimeoutMs,
        requestTimeout: headerTimeoutMs,
        connectionsCheckingInterval: 1_000,
        maxHeaderSize: maximumHeaderBytes,
        insecureHTTPParser: false,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = maximumConnections;
    this.#server.maxRequestsPerSocket = 1;
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  /** Origin that it listens on, `http://127.0.0.1:9465`. Rejects when the address or port can't be had. */
  open(): Promise<string> {
    const { address, port, onFault } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host: address, port }, () => {
        this.#server.off("error", reject);
        this.#server.on("error", onFault);
        const bound = this.#server.address() as AddressInfo;
        const host = bound.address.includes(":") ? `[${bound.address}]` : bound.address;
        resolve(`http://${host}:${bound.port}`);
      });
    });
  }

  /** Cuts what is open. Idempotent. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, onFault } = this.#options;
    const deadline: Timer = clock.schedule(
      metricsListenerLimits.responseTimeoutMs,
      (late: ServerResponse) => void late.destroy(),
      response,
    );
    response.once("close", () => deadline.cancel());
    let answer: Answer;
    try {
      answer = await this.#answerTo(request);
    } catch (error) {
      onFault(error);
      answer = plain(500, "internal error\n");
    }
    write(request, response, answer);
  }

  async #answerTo({ method, url = "", headers }: IncomingMessage): Promise<Answer> {
    const path = url.split("?", 1)[0];
    const isKnown = path === "/metrics" || path === "/healthz" || path === "/readyz";
    if (!isKnown) return plain(404, "not found\n");
    if (method !== "GET" && method !== "HEAD") return plain(405, "GET and HEAD only\n");
    if (path === "/healthz") return plain(200, "alive\n");
    if (path === "/readyz") {
      const missing = await this.#options.notReady();
      return missing.length === 0 ? plain(200, "ready\n") : plain(503, `not ready: ${missing.join(", ")}\n`);
    }
    const format = formatFor(headers.accept);
    const text = this.#options.metrics.text(format);
    return { statusCode: 200, contentType: expositionContentTypes[format], text };
  }
}

/** Who names OpenMetrics gets it: Prometheus does, and prefers it. */
function formatFor(accept: string | undefined): ExpositionFormat {
  return accept?.includes("application/openmetrics-text") === true ? "openmetrics" : "prometheus";
}

function plain(statusCode: number, text: string): Answer {
  return { statusCode, contentType: "text/plain; charset=utf-8", text };
}

function write(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { statusCode, contentType, text } = answer;
  if (response.destroyed) return;
  if (statusCode === 405) response.setHeader("Allow", "GET, HEAD");
  response.writeHead(statusCode, {
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    Connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
