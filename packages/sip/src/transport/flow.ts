import type { X509Certificate } from "node:crypto";

/** Transport protocols that are spoken. Spelled as in the sent-protocol of a Via. */
export type TransportProtocol = "UDP" | "TCP" | "TLS";

/**
 * A path on which messages come and go, keyed by (interface, connection).
 * UDP: one small object per datagram, registered nowhere. TCP and TLS: the connection itself.
 */
export interface Flow {
  readonly interfaceName: string;
  /** TX sid of a private line; undefined on the public network. */
  readonly connection: string | undefined;
  readonly protocol: TransportProtocol;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** TCP and TLS. */
  readonly isReliable: boolean;
  /** False once nothing can be sent on it any more. UDP: while the socket is bound. */
  readonly isOpen: boolean;
  /** TLS. */
  readonly isSecure: boolean;
  /** TLS: what the peer has shown, which says nothing yet of who has issued it. undefined: it has shown none. */
  readonly peerCertificate?: X509Certificate | undefined;
  /** Names the path in logs. UDP: equal for equal ends. TCP and TLS: never used again in its transport layer. */
  readonly id: string;
}
