import type { X509Certificate } from "node:crypto";
import { authorityListLimits, parseCertificates } from "@tandem/certificates";
import type { Clock } from "@tandem/clock";
import type { StirConfiguration } from "@tandem/contracts";
import type { Resolver } from "@tandem/sip/locate";
import { faulty, judgeChain } from "@tandem/stir";
import { AuthenticationService } from "./authentication-service.ts";
import { type CertificateFetchOptions, type FetchedText, fetchCertificate } from "./certificate-fetch.ts";
import { CertificateStore, type Fetched } from "./certificate-store.ts";
import type { StirTexts } from "./stir-files.ts";
import { VerificationService } from "./verification-service.ts";

/** How long a call waits for a certificate, unless the configuration says otherwise. */
const defaultWaitMs = 1000;

/** What a gateway does about PASSporTs, as far as it is configured to: it signs, it verifies. */
export class StirServices {
  readonly authentication: AuthenticationService | undefined;
  readonly verification: VerificationService | undefined;
  readonly #store: CertificateStore | undefined;
  #roots: readonly X509Certificate[] = [];
  #httpsAuthorities: string | undefined;

  constructor(clock: Clock, resolver: Resolver, { signing, verification }: StirConfiguration) {
    this.authentication = signing && new AuthenticationService(clock, signing);
    if (verification === undefined) return;
    const { certificatePorts: ports, repositories, maximumWaitMs = defaultWaitMs } = verification;
    const httpsAuthorities = (): string | undefined => this.#httpsAuthorities;
    const options: CertificateFetchOptions = { clock, resolver, ports, repositories, httpsAuthorities };
    const store = new CertificateStore({
      clock,
      fetch: (url, done) => fetchCertificate(options, url, (fetched) => done(this.#judged(fetched))),
    });
    this.#store = store;
    this.verification = new VerificationService({ clock, store, maximumWaitMs });
  }

  /** Takes the files as they are now. */
  apply({ privateKey, authorities, httpsAuthorities }: StirTexts): void {
    if (privateKey !== undefined) this.authentication?.setPrivateKey(privateKey);
    const parsed = parseCertificates(authorities ?? "", authorityListLimits);
    this.#roots = parsed.ok ? parsed.certificates : [];
    this.#httpsAuthorities = httpsAuthorities;
    this.#store?.forget();
  }

  #judged(fetched: FetchedText): Fetched {
    if (!fetched.ok) return fetched;
    const { text, maxAgeSeconds } = fetched;
    const parsed = parseCertificates(text);
    const certificate = parsed.ok
      ? judgeChain(parsed.certificates, this.#roots)
      : faulty("certificate-refused", `certificate: ${parsed.error}`);
    return { ok: true, certificate, maxAgeSeconds };
  }
}
