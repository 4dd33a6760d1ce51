import { X509Certificate } from "node:crypto";
import { Metrics } from "@tandem/telemetry";
import type { CertificatePair } from "../renewal-time.ts";

/** Certificates with a series of their own; as many as anybody has in one configuration. */
export const maximumToldCertificates = 100;

/** What became of the certificates since the program began. */
export class CertificateTally {
  readonly #ends = new Map<string, number>();
  #obtained = 0;
  #failed = 0;

  /** The pair that is in use. */
  holds(name: string, { certificate }: CertificatePair): void {
    if (!this.#ends.has(name) && this.#ends.size >= maximumToldCertificates) return;
    this.#ends.set(name, new X509Certificate(certificate).validToDate.getTime());
  }

  count(event: string): void {
    if (event === "certificate-obtained") this.#obtained += 1;
    if (event === "certificate-failed") this.#failed += 1;
  }

  metrics(): Metrics {
    const metrics = new Metrics();
    metrics.gauges(
      "tandem_acme_certificate_expiry_timestamp_seconds",
      "When a certificate ends, by its name in the configuration; Unix time.",
      ["certificate"],
      (sample) => {
        for (const [name, endMs] of this.#ends) sample(endMs / 1000, name);
      },
    );
    metrics.counters("tandem_acme_orders_total", "Orders at the authority.", ["result"], (sample) => {
      sample(this.#obtained, "obtained");
      sample(this.#failed, "failed");
    });
    return metrics;
  }
}
