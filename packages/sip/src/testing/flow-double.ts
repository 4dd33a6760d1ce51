import type { Flow, TransportProtocol } from "../transport/flow.ts";
import type { Target } from "../transport/target.ts";

export interface FlowOptions {
  readonly interfaceName?: string;
  readonly connection?: string;
  readonly localAddress?: string;
  readonly localPort?: number;
  /** Default 192.0.2.1: the peer. */
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  readonly id?: string;
  readonly peerCertificate?: Flow["peerCertificate"];
}

/** A flow without a socket. `isOpen` can be set. */
export type FlowDouble = { -readonly [field in keyof Flow]: Flow[field] };

export function flow(protocol: TransportProtocol = "UDP", options: FlowOptions = {}): FlowDouble {
  const isSecure = protocol === "TLS";
  const port = isSecure ? 5061 : 5060;
  const { localAddress = "198.51.100.1", remoteAddress = "192.0.2.1" } = options;
  return {
    interfaceName: options.interfaceName ?? "public",
    connection: options.connection,
    protocol,
    localAddress,
    localPort: options.localPort ?? port,
    remoteAddress,
    remotePort: options.remotePort ?? port,
    isReliable: protocol !== "UDP",
    isOpen: true,
    isSecure,
    peerCertificate: options.peerCertificate,
    id: options.id ?? `${protocol} ${localAddress} ${remoteAddress}`,
  };
}

/** The peer of `flow()` as a target. */
export function target(protocol: TransportProtocol = "UDP", options: Partial<Target> = {}): Target {
  return {
    interfaceName: "public",
    connection: undefined,
    protocol,
    address: "192.0.2.1",
    port: protocol === "TLS" ? 5061 : 5060,
    ...options,
  };
}
