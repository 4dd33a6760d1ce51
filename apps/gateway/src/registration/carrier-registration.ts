import type { Clock, Timer } from "@tandem/clock";
import type { SnapshotCarrier } from "@tandem/contracts";
import type { SipResponse } from "@tandem/sip/message";
import type { ClientTransactionUser } from "@tandem/sip/transaction";
import type { Target } from "@tandem/sip/transport";
import { type Path, resolveUri, type UserAgent } from "@tandem/sip/user-agent";
import { longestExpiresSeconds, type RegisterFacts, verdictOn } from "./register-verdict.ts";
import { RegisterWriter } from "./register-writer.ts";
import { type ServiceRoute, serviceRouteIn } from "./service-route.ts";

/** Failures in a row after which somebody is told. */
export const failuresUntilAlert = 3;
/** First wait after a failure; doubles with each further one. */
export const firstRetryMs = 5_000;
export const longestRetryMs = 300_000;
/** Closing waits no longer for a registrar. */
export const unregisterWaitMs = 2_000;

export type RegistrationState = "unregistered" | "registered" | "failed";

export interface CarrierRegistrationOptions {
  readonly clock: Clock;
  readonly agent: UserAgent;
  /** 0 to 1; spreads refreshes and retries. */
  readonly random: () => number;
  /** Carrier interface that the binding names. */
  readonly path: Path;
  readonly carrier: SnapshotCarrier;
  readonly registration: NonNullable<SnapshotCarrier["registration"]>;
  /** The state changed; `text` says why. */
  readonly onState: (state: RegistrationState, text: string) => void;
  /** Told once per outage, after `failuresUntilAlert` failures in a row. */
  readonly onAlert: (text: string) => void;
}

/**
 * The registration of one carrier's address-of-record at its registrar (RFC 3261 §10.2).
 *
 *   unregistered ──REGISTER, 2xx──▶ registered ──80-90 % of the granted time──▶ REGISTER again
 *   any ──refused, silence──▶ waiting (back-off with jitter) ──▶ REGISTER; `failed` once no binding is left
 *   any ──close()──▶ closed, after a REGISTER with Expires 0 when there may be a binding
 *
 * A round is one REGISTER with its answers to challenges and to 423; at most one round is under way.
 */
export class CarrierRegistration implements ClientTransactionUser {
  readonly #options: CarrierRegistrationOptions;
  readonly #writer: RegisterWriter;
  #state: RegistrationState = "unregistered";
  #failures = 0;
  /** Next address of the registrar: another one after each failure. */
  #targetIndex = 0;
  #target: Target | undefined;
  #timer: Timer | undefined;
  /** Monotonic; the registrar forgets us then. */
  #boundUntilMs = 0;
  /** Replaced by each 200. */
  #serviceRoute: ServiceRoute | undefined;
  /** Of the request under way; undefined between rounds. */
  #facts: RegisterFacts | undefined;
  #lastSequenceNumber = 0;
  #requestedSeconds: number;
  #answeredChallenges = 0;
  #hasRaised = false;
  #isClosing = false;
  #onClosed: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: CarrierRegistrationOptions) {
    this.#options = options;
    const { agent, carrier, registration } = options;
    this.#writer = new RegisterWriter({ ...registration, agent, credentials: carrier.credentials });
    this.#requestedSeconds = registration.expiresSeconds;
  }

  get state(): RegistrationState {
    return this.#state;
  }

  /** The route for calls by the binding, of the last 200 (RFC 3608 §6.1); undefined: none, or there is no binding. */
  get serviceRoute(): ServiceRoute | undefined {
    return this.#options.clock.monotonicMs() < this.#boundUntilMs ? this.#serviceRoute : undefined;
  }

  /** Begins the first round. */
  start(): void {
    this.#beginRound();
  }

  /** Removes the binding. Resolves when the registrar answered, or after `unregisterWaitMs`. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#isClosing = true;
      this.#timer?.cancel();
      this.#onClosed = resolve;
      const mayBeBound = this.#facts !== undefined || this.#options.clock.monotonicMs() < this.#boundUntilMs;
      if (this.#target === undefined || !mayBeBound) {
        resolve();
        return;
      }
      this.#timer = this.#options.clock.schedule(unregisterWaitMs, endClose, this);
      this.#requestedSeconds = 0;
      this.#answeredChallenges = 0;
      this.#send(this.#target);
    });
    return this.#closed;
  }

  /** Ends without a word to the registrar: another registration takes the binding over. */
  abandon(): void {
    this.#isClosing = true;
    this.#facts = undefined;
    this.#timer?.cancel();
  }

  onResponse(response: SipResponse): void {
    const facts = this.#facts;
    if (response.statusCode < 200 || facts === undefined || !this.#isOfLastRequest(response)) return;
    const verdict = verdictOn(response, facts);
    switch (verdict.kind) {
      case "authenticate":
        this.#answeredChallenges += 1;
        this.#writer.use(verdict.challenge, verdict.isProxy);
        this.#sendAgain();
        return;
      case "raise":
        this.#hasRaised = true;
        this.#requestedSeconds = verdict.seconds;
        this.#sendAgain();
        return;
      case "registered":
        if (this.#isClosing) this.endClose();
        else this.#onRegistered(verdict.grantedSeconds, response);
        return;
      case "failed":
        this.#onFailed(verdict.text, verdict.retryAfterSeconds * 1000);
        return;
    }
  }

  onFailure(kind: "timeout" | "transport-error", text: string): void {
    if (this.#facts !== undefined) this.#onFailed(kind === "timeout" ? "no answer" : text, 0);
  }

  /** @internal The time to refresh or to try again has come. */
  beginRound(): void {
    if (!this.#isClosing) this.#beginRound();
  }

  /** @internal */
  endClose(): void {
    this.#timer?.cancel();
    this.#facts = undefined;
    this.#onClosed?.();
  }

  #beginRound(): void {
    this.#answeredChallenges = 0;
    this.#hasRaised = false;
    const { agent, path } = this.#options;
    resolveUri(agent.locator, this.#writer.requestUri, path, (resolved) => {
      if (this.#isClosing) return;
      const target = resolved.ok ? resolved.targets[this.#targetIndex % resolved.targets.length] : undefined;
      if (target === undefined) {
        this.#onFailed(resolved.ok ? `no address for ${this.#writer.requestUri}` : resolved.text, 0);
        return;
      }
      this.#target = target;
      this.#send(target);
    });
  }

  #sendAgain(): void {
    if (this.#target !== undefined) this.#send(this.#target);
  }

  #send(target: Target): void {
    const { request, contactUri, usedNonce } = this.#writer.write(target, this.#requestedSeconds);
    this.#facts = {
      contactUri,
      requestedSeconds: this.#requestedSeconds,
      hasCredentials: this.#options.carrier.credentials !== null,
      usedNonce,
      answeredChallenges: this.#answeredChallenges,
      hasRaised: this.#hasRaised,
    };
    this.#lastSequenceNumber += 1;
    this.#options.agent.layer.send(request, target, this);
  }

  /** While closing, the response to a refresh may still come: only the last request counts. */
  #isOfLastRequest(response: SipResponse): boolean {
    return response.cseqNumber === this.#lastSequenceNumber;
  }

  #onRegistered(grantedSeconds: number, response: SipResponse): void {
    const { clock, random } = this.#options;
    const reading = serviceRouteIn(response);
    this.#serviceRoute = reading.ok ? reading.route : undefined;
    this.#facts = undefined;
    this.#failures = 0;
    this.#boundUntilMs = clock.monotonicMs() + grantedSeconds * 1000;
    const objection = reading.ok ? "" : `; its Service-Route is not used: ${reading.text}`;
    this.#enter("registered", `for ${grantedSeconds} s${objection}`);
    this.#timer = clock.schedule(grantedSeconds * 1000 * (0.8 + random() * 0.1), beginRound, this);
  }

  #onFailed(text: string, atLeastMs: number): void {
    this.#facts = undefined;
    if (this.#isClosing) {
      this.endClose();
      return;
    }
    const { clock, random, onAlert } = this.#options;
    this.#failures += 1;
    this.#targetIndex += 1;
    // A time that a registrar raised may have been the mistake of one of them.
    this.#requestedSeconds = Math.min(this.#options.registration.expiresSeconds, longestExpiresSeconds);
    if (clock.monotonicMs() >= this.#boundUntilMs) this.#enter("failed", text);
    if (this.#failures === failuresUntilAlert) onAlert(text);
    const backOffMs = Math.min(firstRetryMs * 2 ** (this.#failures - 1), longestRetryMs);
    const delayMs = Math.max(backOffMs * (0.5 + random() / 2), atLeastMs);
    this.#timer = clock.schedule(delayMs, beginRound, this);
  }

  #enter(state: RegistrationState, text: string): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state, text);
  }
}

function beginRound(registration: CarrierRegistration): void {
  registration.beginRound();
}

function endClose(registration: CarrierRegistration): void {
  registration.endClose();
}
