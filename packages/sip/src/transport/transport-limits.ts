/** Every buffer, list and wait of the transport layer. */
export interface TransportLimits {
  /** Requests longer than this go by TCP instead of UDP (RFC 3261 §18.1.1). Bytes. */
  readonly datagramThresholdBytes: number;
  /** Asked of the kernel for each UDP socket and direction; it may grant less (net.core.rmem_max, wmem_max). */
  readonly udpBufferBytes: number;
  /** Bytes that wait in this process because the kernel's send buffer of a UDP socket is full. More: the datagram fails. */
  readonly maximumUdpQueueBytes: number;
  /**
   * Accepted TCP and TLS connections of all interfaces together. At the limit the oldest that no message has come on gives way to a
   * new one. Outgoing ones have a limit of their own, so strangers cannot use it up.
   */
  readonly maximumAcceptedConnections: number;
  /** Accepted connections of one remote address. */
  readonly maximumAcceptedPerAddress: number;
  readonly maximumOutgoingConnections: number;
  /** Bytes not yet taken by the kernel, per connection. More: the peer reads too slowly and the connection is closed. */
  readonly maximumBufferedBytes: number;
  /** From the SYN to the connection. */
  readonly connectTimeoutMs: number;
  /** The same when a long request only tries TCP instead of UDP; the way back to UDP is open then. */
  readonly upgradeConnectTimeoutMs: number;
  /** How long a remote that refused TCP gets its long requests by UDP at once. */
  readonly refusedUpgradeMemoryMs: number;
  /** How many such remotes are remembered. */
  readonly maximumRefusedUpgrades: number;
  /** From the connection to the end of the TLS handshake. */
  readonly handshakeTimeoutMs: number;
  /** From the accepted connection to the first complete message or keep-alive. */
  readonly firstMessageTimeoutMs: number;
  /** From the first byte of a message to its last. */
  readonly unfinishedMessageTimeoutMs: number;
  /** How long a refusal may take to leave before its connection is closed. */
  readonly lastWordsTimeoutMs: number;
  /** Without a message in either direction or a keep-alive of the peer. */
  readonly idleTimeoutMs: number;
  /** Between double CRLFs on outgoing connections (RFC 5626 §3.5.1). */
  readonly pingIntervalMs: number;
  /** A peer that has ever answered a ping must answer each within this time (RFC 5626 §4.4.1: 10 s). */
  readonly pongTimeoutMs: number;
}

/** Values for a gateway. */
export const defaultTransportLimits: TransportLimits = {
  datagramThresholdBytes: 1300,
  udpBufferBytes: 8 * 1024 * 1024,
  maximumUdpQueueBytes: 4 * 1024 * 1024,
  maximumAcceptedConnections: 4096,
  maximumAcceptedPerAddress: 64,
  maximumOutgoingConnections: 4096,
  maximumBufferedBytes: 1024 * 1024,
  connectTimeoutMs: 4000,
  upgradeConnectTimeoutMs: 1000,
  refusedUpgradeMemoryMs: 300_000,
  maximumRefusedUpgrades: 1024,
  handshakeTimeoutMs: 4000,
  firstMessageTimeoutMs: 30_000,
  unfinishedMessageTimeoutMs: 10_000,
  lastWordsTimeoutMs: 1000,
  idleTimeoutMs: 1_800_000,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
};
