import { isIP } from "node:net";
import type { StreamTarget } from "./connection-pool.ts";
import type { Flow } from "./flow.ts";
import { findTopVia, sentByHost, sentByPort, type TopVia, wantsSymmetricResponse } from "./top-via.ts";

/**
 * Port for a message on a UDP flow. Requests and symmetric responses (RFC 3581 §4) go to the port the request came
 * from; other responses to the port of the sent-by (RFC 3261 §18.2.2), always at the address the request came from.
 * Deviation: maddr is not obeyed; it would let a stranger aim our responses.
 */
export function datagramResponsePort(flow: Flow, text: string): number {
  if (!isResponse(text)) return flow.remotePort;
  const via = findTopVia(text);
  if (via === undefined || wantsSymmetricResponse(text, via)) return flow.remotePort;
  const port = sentByPort(text, via, "UDP");
  return port < 0 ? flow.remotePort : port;
}

/**
 * Where a response goes whose connection is gone: the address the request came from, at the port of the sent-by
 * (RFC 3261 §18.2.2). undefined: not a response, so the caller must locate anew.
 */
export function streamResponseTarget(flow: Flow, text: string): StreamTarget | undefined {
  if (!isResponse(text) || flow.protocol === "UDP") return undefined;
  const via = findTopVia(text);
  if (via === undefined) return undefined;
  const port = sentByPort(text, via, flow.protocol);
  if (port < 0) return undefined;
  return {
    interfaceName: flow.interfaceName,
    connection: flow.connection,
    protocol: flow.protocol,
    address: flow.remoteAddress,
    port,
    ...(flow.protocol === "TLS" ? serverNameOf(text, via) : {}),
  };
}

function serverNameOf(text: string, via: TopVia): { serverName?: string } {
  const host = sentByHost(text, via);
  return isIP(host) === 0 && !host.startsWith("[") ? { serverName: host } : {};
}

function isResponse(text: string): boolean {
  return text.startsWith("SIP/");
}
