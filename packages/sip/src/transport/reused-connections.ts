import type { X509Certificate } from "node:crypto";
import type { PeerCertificate } from "node:tls";
import type { Clock } from "@tandem/clock";
import { checkPeerIdentity } from "./peer-identity.ts";
import type { StreamConnection } from "./stream-connection.ts";
import type { TlsContexts } from "./tls-contexts.ts";

/** What a client has shown, judged by one set of authorities. */
interface Judged {
  readonly by: TlsContexts;
  readonly certificate: PeerCertificate | undefined;
  /** Good from and until these moments of the Unix epoch. */
  readonly validFromMs: number;
  readonly validToMs: number;
}

export interface ReusedConnectionsOptions {
  readonly clock: Clock;
  readonly tls: () => TlsContexts | undefined;
}

/**
 * Accepted connections whose peers said `alias` in their topmost Via (RFC 5923), by where they would be called otherwise. An
 * address is no proof of who is there: behind it are all whom its NAT serves. Over TLS one carries requests back only to
 * whom its certificate names (§9.3), by the authorities that a server at that place would be verified by.
 */
export class ReusedConnections {
  readonly #clock: Clock;
  readonly #tls: () => TlsContexts | undefined;
  /** The newest last. As many as one address may have connections. */
  readonly #byKey = new Map<string, Set<StreamConnection>>();
  /** Signatures cost time: each connection is judged once. */
  readonly #judged = new WeakMap<StreamConnection, Judged>();

  constructor({ clock, tls }: ReusedConnectionsOptions) {
    this.#clock = clock;
    this.#tls = tls;
  }

  add(key: string, connection: StreamConnection): void {
    const there = this.#byKey.get(key);
    if (there === undefined) this.#byKey.set(key, new Set([connection]));
    else there.add(connection);
  }

  delete(key: string, connection: StreamConnection): void {
    const there = this.#byKey.get(key);
    there?.delete(connection);
    if (there?.size === 0) this.#byKey.delete(key);
  }

  /** The newest that may carry a request to `identity`: the host that the request is meant for, or its address. */
  find(key: string, identity: string): StreamConnection | undefined {
    let newest: StreamConnection | undefined;
    for (const connection of this.#byKey.get(key) ?? []) {
      if (connection.protocol === "TCP" || this.#isProved(connection, identity)) newest = connection;
    }
    return newest;
  }

  #isProved(connection: StreamConnection, identity: string): boolean {
    const contexts = this.#tls();
    if (contexts === undefined) return false;
    const { certificate, validFromMs, validToMs } = this.#judge(connection, contexts);
    if (certificate === undefined || checkPeerIdentity(identity, certificate) !== undefined) return false;
    // A connection may outlive its certificate.
    const nowMs = this.#clock.wallMs();
    return nowMs >= validFromMs && nowMs <= validToMs;
  }

  #judge(connection: StreamConnection, by: TlsContexts): Judged {
    const last = this.#judged.get(connection);
    if (last?.by === by) return last;
    const judged = { by, ...judge(connection.peerCertificate, by) };
    this.#judged.set(connection, judged);
    return judged;
  }
}

function judge(shown: X509Certificate | undefined, by: TlsContexts): Omit<Judged, "by"> {
  const isGood = shown !== undefined && by.haveIssued(shown);
  return {
    certificate: isGood ? shown.toLegacyObject() : undefined,
    validFromMs: shown?.validFromDate.getTime() ?? 0,
    validToMs: shown?.validToDate.getTime() ?? 0,
  };
}
