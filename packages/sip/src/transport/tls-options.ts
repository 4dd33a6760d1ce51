/** A certificate with its key, both PEM; the certificate with its intermediates. */
export interface TlsKeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate we show to clients. */
export interface TlsServerCertificate extends TlsKeyPair {
  /** Names it is chosen for by SNI: exact ("t1.pstn.tandem.test") or with a wildcard as the leftmost label ("*.pstn.tandem.test"). */
  readonly serverNames: readonly string[];
}

/** TLS of all interfaces. Versions below 1.2 are never spoken. */
export interface TlsOptions {
  /** The first one also serves clients without SNI or with a name that no certificate has. At least one when an interface has a TLS port. */
  readonly certificates: readonly TlsServerCertificate[];
  /** PEM of trusted authorities for outgoing connections; Node's own list when left out. */
  readonly authorities?: string | undefined;
  /** Whether a server must show a trusted certificate with the right name. Default true. */
  readonly verifyPeers?: boolean | undefined;
  /** Shown to servers that ask for one (mutual TLS). */
  readonly clientCertificate?: TlsKeyPair | undefined;
}
