import { Agent } from "node:https";
import { axios, Client, crypto } from "acme-client";
import type { CertificatePair } from "./renewal-time.ts";
import type { Challenge, Solver } from "./solvers/solver.ts";

/** For one request to the authority. */
const requestTimeoutMs = 30_000;
/** Requests are repeated so often; after that the whole order is, later. */
const requestAttempts = 2;
/** How often, and how far apart, the authority is asked whether it has decided. */
const polls = { attempts: 30, firstMs: 500, lastMs: 10_000 } as const;

export interface AcmeAuthorityOptions {
  readonly directoryUrl: string;
  /** PEM; left out: the system's. */
  readonly authorities: string | undefined;
  readonly accountKey: string;
  readonly email: string | undefined;
  readonly solver: Solver;
}

/** An authority that issues certificates by RFC 8555. */
export class AcmeAuthority {
  readonly #options: AcmeAuthorityOptions;
  readonly #client: Client;
  #isRegistered = false;

  constructor(options: AcmeAuthorityOptions) {
    this.#options = options;
    axios.defaults.timeout = requestTimeoutMs;
    Object.assign(axios.defaults, {
      acmeSettings: { retryMaxAttempts: requestAttempts, retryDefaultDelay: 1 },
    });
    if (options.authorities !== undefined) axios.defaults.httpsAgent = new Agent({ ca: options.authorities });
    this.#client = new Client({
      directoryUrl: options.directoryUrl,
      accountKey: options.accountKey,
      backoffAttempts: polls.attempts,
      backoffMin: polls.firstMs,
      backoffMax: polls.lastMs,
    });
  }

  /** A certificate with its intermediates, for a key that was never used before. Rejects with what the authority said. */
  async order(domains: readonly string[]): Promise<CertificatePair> {
    const { solver } = this.#options;
    await this.#register();
    const key = await crypto.createPrivateEcdsaKey("P-256");
    const [, csr] = await crypto.createCsr({ commonName: domains[0] ?? "", altNames: [...domains] }, key);
    const certificate = await this.#client.auto({
      csr,
      challengePriority: [solver.type],
      // What we see of our own DNS says nothing of what the authority sees.
      skipChallengeVerification: true,
      challengeCreateFn: ({ identifier }, { token }, proof) =>
        solver.add(challengeOf(identifier.value, token, proof)),
      challengeRemoveFn: ({ identifier }, { token }, proof) =>
        solver.remove(challengeOf(identifier.value, token, proof)),
    });
    return { certificate, key: String(key) };
  }

  /** Finds or makes the account of our key, once in the life of this object. */
  async #register(): Promise<void> {
    if (this.#isRegistered) return;
    const { email } = this.#options;
    const contact = email === undefined ? {} : { contact: [`mailto:${email}`] };
    try {
      await this.#client.createAccount({ termsOfServiceAgreed: true, ...contact });
    } catch (error) {
      // The client updates an account that it finds, with nothing if there is no address, which strict authorities refuse.
      if (!this.#hasAccount()) throw error;
    }
    this.#isRegistered = true;
  }

  #hasAccount(): boolean {
    try {
      return this.#client.getAccountUrl() !== "";
    } catch {
      return false;
    }
  }
}

function challengeOf(domain: string, token: string, proof: string): Challenge {
  return { domain, token, proof };
}
