import type { Clock } from "@tandem/clock";
import {
  type CallFacts,
  type ClaimedPassport,
  chooseChain,
  type Judged,
  judgeUse,
  type PassportChain,
  type StiCertificate,
  type StirFault,
  type Verification,
  whetherSignatureHolds,
} from "@tandem/stir";

/** A call that has to wait until its certificates are there. */
export interface PendingVerification {
  /** Calls back once, `maximumWaitMs` later at the latest. */
  readonly start: (done: (verification: Verification) => void) => void;
}

export interface VerificationServiceOptions {
  readonly clock: Clock;
  readonly store: {
    /** Calls back once, perhaps at once. */
    get(url: string, waiter: (certificate: Judged<StiCertificate>) => void): void;
  };
  readonly maximumWaitMs: number;
}

/** Calls that wait at a time; of one more nothing is verified. */
export const maximumWaitingCalls = 1000;

/**
 * Verifies the PASSporTs of calls (RFC 8224 §6.2). What the request says itself is held against them at once; certificates may
 * have to be fetched, and signatures are verified on another thread: for these a call waits, and no longer than `maximumWaitMs`.
 */
export class VerificationService {
  readonly #options: VerificationServiceOptions;
  /** What ends the wait of each call. */
  readonly #waiting = new Set<() => void>();

  constructor(options: VerificationServiceOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  verify(facts: CallFacts): Verification | PendingVerification {
    const chain = chooseChain(facts, this.#options.clock.wallMs());
    if (!chain.ok) return chain;
    if (this.#waiting.size >= maximumWaitingCalls) {
      return failed(chain.value, { name: "certificate-unavailable", text: "too many calls wait" });
    }
    return { start: (done) => this.#start(chain.value, done) };
  }

  /** No call waits any longer: the gateway is about to close. */
  stopWaiting(): void {
    for (const giveUp of this.#waiting) giveUp();
  }

  #start(chain: PassportChain, done: (verification: Verification) => void): void {
    const { clock, maximumWaitMs } = this.#options;
    const end = (verification: Verification): void => {
      if (!this.#waiting.delete(giveUp)) return;
      timer.cancel();
      done(verification);
    };
    const text = `certificate: not there in ${maximumWaitMs} ms`;
    const giveUp = (): void => end(failed(chain, { name: "certificate-unavailable", text }));
    const timer = clock.schedule(maximumWaitMs, giveUp, undefined);
    this.#waiting.add(giveUp);
    this.#next(chain, 0, end);
  }

  #next(chain: PassportChain, index: number, end: (verification: Verification) => void): void {
    const claimed = chain.passports[index];
    if (claimed === undefined) {
      const { attestation, isDiverted } = chain;
      end({ ok: true, attestation, isDiverted });
      return;
    }
    this.#options.store.get(claimed.passport.header.x5u, (certificate) => {
      const usable = certificate.ok
        ? judgeUse(certificate.value, claimed.signer, this.#options.clock.wallMs())
        : certificate;
      if (!usable.ok) end(failed(chain, usable.fault));
      else this.#judgeSignature(chain, claimed, usable.value, () => this.#next(chain, index + 1, end), end);
    });
  }

  #judgeSignature(
    chain: PassportChain,
    { passport }: ClaimedPassport,
    { publicKey }: StiCertificate,
    next: () => void,
    end: (verification: Verification) => void,
  ): void {
    whetherSignatureHolds(passport, publicKey, (holds) => {
      if (holds) next();
      else
        end(failed(chain, { name: "signature-wrong", text: "the signature is not that of the certificate" }));
    });
  }
}

function failed({ attestation }: PassportChain, fault: StirFault): Verification {
  return { ok: false, fault, attestation };
}
