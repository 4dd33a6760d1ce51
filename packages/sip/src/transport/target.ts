import type { Flow, TransportProtocol } from "./flow.ts";

/** Where a request goes: the result of locating, plus the interface that was chosen. */
export interface Target {
  readonly interfaceName: string;
  /** TX sid of a private line; undefined on the public network. */
  readonly connection: string | undefined;
  readonly protocol: TransportProtocol;
  /** Numeric IPv4 or IPv6 address, without brackets. */
  readonly address: string;
  readonly port: number;
  /** TLS: name for SNI and for the check of the certificate (the host of the URI, not the SRV target). */
  readonly serverName?: string;
  /** Send on this flow while it is open: the way back to a peer that cannot be connected to. */
  readonly flow?: Flow;
}

/** Why a message certainly could not be sent. */
export type SendFailure = {
  /** Stable, kebab-case: connection-refused, connect-timeout, handshake-timeout, closed, ... */
  readonly code: string;
  readonly text: string;
};
