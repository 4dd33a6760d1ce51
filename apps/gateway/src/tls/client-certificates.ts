import type { X509Certificate } from "node:crypto";
import {
  authorityListLimits,
  type ClientVerdict,
  judgeClient,
  parseCertificates,
  type WantedClient,
} from "@tandem/certificates";
import type { Clock } from "@tandem/clock";
import type { TlsPeer } from "@tandem/contracts";
import type { Flow } from "@tandem/sip/transport";

interface Judged {
  readonly wanted: TlsPeer;
  readonly certificate: X509Certificate | undefined;
  readonly verdict: ClientVerdict | undefined;
}

/** What a connection has shown of its client, by what somebody wants to see. */
export type ShownCertificate = "good" | "none" | { readonly fault: string };

/** Judges the certificates of clients, each once for a connection and what is wanted: signatures cost time. */
export class ClientCertificates {
  readonly #clock: Clock;
  readonly #wanted = new WeakMap<TlsPeer, WantedClient>();
  readonly #judged = new WeakMap<Flow, Judged>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  shownOn(flow: Flow, wanted: TlsPeer): ShownCertificate {
    const { verdict } = this.#judgedOn(flow, wanted);
    if (verdict === undefined) return "none";
    if (!verdict.ok) return { fault: verdict.text };
    // A connection may outlive its certificate.
    const nowMs = this.#clock.wallMs();
    if (nowMs < verdict.validFromMs) return { fault: `valid only from ${textOf(verdict.validFromMs)}` };
    if (nowMs > verdict.validToMs) return { fault: `valid only to ${textOf(verdict.validToMs)}` };
    return "good";
  }

  #judgedOn(flow: Flow, wanted: TlsPeer): Judged {
    const last = this.#judged.get(flow);
    if (last?.wanted === wanted) return last;
    const certificate = last === undefined ? flow.peerCertificate : last.certificate;
    const verdict = certificate === undefined ? undefined : judgeClient(certificate, this.#read(wanted));
    const judged = { wanted, certificate, verdict };
    this.#judged.set(flow, judged);
    return judged;
  }

  /** Control has checked the texts; one that can't be read after all trusts nobody. */
  #read(wanted: TlsPeer): WantedClient {
    const known = this.#wanted.get(wanted);
    if (known !== undefined) return known;
    const parsed = parseCertificates(wanted.authorities, authorityListLimits);
    const read = { authorities: parsed.ok ? parsed.certificates : [], names: wanted.names };
    this.#wanted.set(wanted, read);
    return read;
  }
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}
