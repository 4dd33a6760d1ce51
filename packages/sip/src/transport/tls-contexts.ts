import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { TlsKeyPair, TlsOptions } from "./tls-options.ts";

const minVersion = "TLSv1.2";
/** Without one OpenSSL refuses to take a session up again in which the client had shown a certificate. */
const sessionIdContext = "tandem-sip";

/** Options made ready for handshakes. Immutable: a reload makes a new one, and handshakes already made do not notice. */
export class TlsContexts {
  readonly client: SecureContext;
  readonly verifyPeers: boolean;
  readonly #byName = new Map<string, SecureContext>();
  readonly #first: SecureContext | undefined;
  readonly #authorities: string;
  #readAuthorities: readonly X509Certificate[] | undefined;

  /** Throws an error of OpenSSL when a certificate or key is no good: the options come from our operator. */
  constructor(options: TlsOptions) {
    this.verifyPeers = options.verifyPeers ?? true;
    this.#authorities = options.authorities ?? "";
    this.client = createSecureContext(clientContextOptions(options));
    for (const certificate of options.certificates) {
      const context = createSecureContext({ ...keyPair(certificate), minVersion, sessionIdContext });
      this.#first ??= context;
      for (const name of certificate.serverNames) {
        const key = canonicalName(name);
        if (!this.#byName.has(key)) this.#byName.set(key, context);
      }
    }
  }

  /** Exact name, then the wildcard of its parent domain, then the first certificate. undefined: there is no certificate. */
  forServerName(serverName: string): SecureContext | undefined {
    const name = canonicalName(serverName);
    const dot = name.indexOf(".");
    const wildcard = dot > 0 ? this.#byName.get(`*${name.slice(dot)}`) : undefined;
    return this.#byName.get(name) ?? wildcard ?? this.#first;
  }

  /**
   * Whether one of the authorities has issued this certificate itself, or is it. Intermediates that a client sends are not followed,
   * and Node's own list is of no use here: its authorities issue intermediates alone.
   */
  haveIssued(certificate: X509Certificate): boolean {
    // Most gateways never need them, and a system's list is long.
    this.#readAuthorities ??= certificatesOf(this.#authorities);
    return this.#readAuthorities.some((authority) => hasIssued(authority, certificate));
  }

  /** For clients that send no name. */
  get first(): SecureContext | undefined {
    return this.#first;
  }
}

/** OpenSSL has read the text before, and passes over what it cannot read. */
function certificatesOf(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

function hasIssued(authority: X509Certificate, certificate: X509Certificate): boolean {
  if (authority.raw.equals(certificate.raw)) return true;
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function clientContextOptions(options: TlsOptions): SecureContextOptions {
  return {
    minVersion,
    ...(options.authorities === undefined ? {} : { ca: options.authorities }),
    ...(options.clientCertificate === undefined ? {} : keyPair(options.clientCertificate)),
  };
}

function keyPair(pair: TlsKeyPair): { cert: string; key: string } {
  return { cert: pair.certificate, key: pair.key };
}

function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}
