/** One network of a gateway as far as signaling goes. A port that is left out: that protocol is not served there, neither in nor out. */
export interface TransportInterface {
  /** Unique in the transport layer. */
  readonly name: string;
  /** Numeric address to bind; outgoing connections leave from it too. */
  readonly localAddress: string;
  /** Address that peers see (1:1 NAT); stands in Via and Contact. */
  readonly advertisedAddress: string;
  /** 0: the kernel chooses. */
  readonly udpPort?: number | undefined;
  readonly tcpPort?: number | undefined;
  readonly tlsPort?: number | undefined;
  /** Differentiated services code point of what leaves here, 0 to 63. Default 0: unmarked. On Linux only. */
  readonly codePoint?: number | undefined;
  /** An `alias` over TCP counts, though nothing proves who says it (RFC 5923 §9). Default false. */
  readonly tcpConnectionReuse?: boolean | undefined;
}
