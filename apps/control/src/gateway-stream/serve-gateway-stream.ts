import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { gatewayStreamPath } from "@tandem/contracts";
import { type WebSocket, WebSocketServer } from "ws";
import type { ControlLogger } from "../control-logger.ts";
import type { GatewayStreamHub } from "./gateway-stream-hub.ts";
import { gatewayStreamLimits as limits } from "./limits.ts";

export interface GatewayStreamServerOptions {
  readonly hub: GatewayStreamHub;
  readonly logger: ControlLogger;
  /** Name of the gateway, undefined for a wrong token; rejects when that cannot be found out now. */
  readonly authenticate: (authorization: string | undefined) => Promise<string | undefined>;
  /** The other role on this path: its tokens are asked for first. */
  readonly nameServers?: NameServerRole;
}

export interface NameServerRole {
  /** Name of the name server, undefined for any other token. */
  authenticate(authorization: string | undefined): string | undefined;
  adopt(socket: WebSocket, name: string): void;
}

/** Takes the gateway stream's upgrades on an HTTP server. Every other upgrade is refused. */
export function serveGatewayStream(server: Server, options: GatewayStreamServerOptions): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maximumFrameBytes,
    perMessageDeflate: false,
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    void judge(request, options).then((verdict) => {
      if (verdict.kind === "refused") {
        refuse(socket, verdict.statusCode);
        return;
      }
      const { taker } = verdict;
      sockets.handleUpgrade(request, socket, head, (accepted) => taker.adopt(accepted, verdict.name));
    });
  });
}

type Verdict =
  | { readonly kind: "accepted"; readonly name: string; readonly taker: Pick<NameServerRole, "adopt"> }
  | { readonly kind: "refused"; readonly statusCode: 401 | 404 | 503 };

async function judge(request: IncomingMessage, options: GatewayStreamServerOptions): Promise<Verdict> {
  if (request.url?.split("?", 1)[0] !== gatewayStreamPath) return { kind: "refused", statusCode: 404 };
  const { nameServers, hub } = options;
  const nameServer = nameServers?.authenticate(request.headers.authorization);
  if (nameServers !== undefined && nameServer !== undefined) {
    return { kind: "accepted", name: nameServer, taker: nameServers };
  }
  try {
    const name = await options.authenticate(request.headers.authorization);
    if (name !== undefined) return { kind: "accepted", name, taker: hub };
  } catch (error) {
    options.logger.error("gateway-not-authenticated", { error: String(error) });
    return { kind: "refused", statusCode: 503 };
  }
  options.logger.warn("gateway-refused", { address: request.socket.remoteAddress });
  return { kind: "refused", statusCode: 401 };
}

function refuse(socket: Duplex, statusCode: 401 | 404 | 503): void {
  const challenge = statusCode === 401 ? 'WWW-Authenticate: Bearer realm="gateway-stream"\r\n' : "";
  socket.end(
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`,
  );
}
