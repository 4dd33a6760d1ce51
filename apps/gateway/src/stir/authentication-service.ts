import { createPrivateKey } from "node:crypto";
import type { Clock } from "@tandem/clock";
import type { StirConfiguration } from "@tandem/contracts";
import {
  type CanonicalNumber,
  canonicalNumber,
  divIdentity,
  originationId,
  type Signer,
  shakenIdentity,
} from "@tandem/stir";
import type { CallAttestation } from "./attestation.ts";

/** Whose call is signed: as the carrier gets it. */
export interface CallToSign {
  readonly accountSid: string;
  readonly callingNumber: string;
  readonly calledNumber: string;
}

/** Below which accounts get their `origid`, unless the operator has a UUID of its own. */
const ownNamespace = "8b0f4d52-6a3e-4c57-9f0e-4f1d3c2a7b61";

/**
 * Signs calls (RFC 8224 §6.1). On the thread of the calls: a signature takes some 30 µs there, and would take 10 µs of it on
 * another thread, with every attempt waiting for its turn.
 */
export class AuthenticationService {
  readonly #clock: Clock;
  readonly #configuration: NonNullable<StirConfiguration["signing"]>;
  #signer: Signer | undefined;

  constructor(clock: Clock, configuration: NonNullable<StirConfiguration["signing"]>) {
    this.#clock = clock;
    this.#configuration = configuration;
  }

  /** Signs with that key from now on. @param pem of a key that `stirFiles` has found good */
  setPrivateKey(pem: string): void {
    const { certificateUrl } = this.#configuration;
    this.#signer = { privateKey: createPrivateKey(pem), certificateUrl };
  }

  /** Values of Identity for one INVITE; none when there is no key, or a number is not E.164. */
  sign(call: CallToSign, { attestation, divertedBy }: CallAttestation): readonly string[] {
    const signer = this.#signer;
    const callingNumber = canonicalNumber(call.callingNumber);
    const calledNumber = canonicalNumber(call.calledNumber);
    if (signer === undefined || callingNumber === undefined || calledNumber === undefined) return [];
    const iat = Math.floor(this.#clock.wallMs() / 1000);
    const origid = originationId(this.#configuration.originationNamespace ?? ownNamespace, call.accountSid);
    const to = (number: CanonicalNumber): string =>
      shakenIdentity(signer, { attestation, origid, callingNumber, calledNumber: number, iat });
    if (divertedBy === undefined) return [to(calledNumber)];
    return [to(divertedBy), divIdentity(signer, { callingNumber, calledNumber, iat }, divertedBy)];
  }
}
