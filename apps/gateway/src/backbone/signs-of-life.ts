import type { Clock } from "@tandem/clock";
import type { InviteUas } from "@tandem/sip/user-agent";
import { signOfLifeIntervalMs } from "./entry-timers.ts";

/**
 * A 100 at once, and again every two seconds until the final response: the gateway where the call entered gives up a
 * sister that has gone silent, in set-up and while it rings. Ends by itself.
 */
export class SignsOfLife {
  readonly #clock: Clock;
  readonly #invite: InviteUas;

  constructor(clock: Clock, invite: InviteUas) {
    this.#clock = clock;
    this.#invite = invite;
  }

  /** @internal */
  show(): void {
    if (this.#invite.state !== "proceeding") return;
    this.#invite.trying();
    this.#clock.schedule(signOfLifeIntervalMs, show, this);
  }

  start(): void {
    this.show();
  }
}

function show(signs: SignsOfLife): void {
  signs.show();
}
