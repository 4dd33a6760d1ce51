import type { Clock, Timer } from "@tandem/clock";
import { OutgoingRequest } from "@tandem/sip/message";
import type { ClientTransaction, ClientTransactionUser } from "@tandem/sip/transaction";
import type { Target } from "@tandem/sip/transport";
import { newCallId, newTag, type UserAgent } from "@tandem/sip/user-agent";
import { backboneUri } from "./backbone-target.ts";
import type { SisterHealth } from "./sister-health.ts";

/** How often a sister is asked whether it lives. */
export const sisterProbeIntervalMs = 2000;
/** OPTIONS that leave in a second, however many sisters there are: beyond it each is asked less often. */
export const maximumProbesPerSecond = 100;

export interface ProbedSister {
  readonly gateway: string;
  readonly target: Target;
}

interface Waiting {
  transaction: ClientTransaction | undefined;
}

interface Probe {
  readonly sister: ProbedSister;
  timer: Timer | undefined;
  /** The OPTIONS that waits for its answer. */
  waiting: Waiting | undefined;
}

/** Sends OPTIONS over the backbone to every sister. One that is not answered before the next is due has failed. */
export class SisterProber {
  readonly #clock: Clock;
  readonly #agent: UserAgent;
  readonly #health: SisterHealth;
  readonly #random: () => number;
  #probes = new Map<string, Probe>();

  constructor(clock: Clock, agent: UserAgent, health: SisterHealth, random: () => number) {
    this.#clock = clock;
    this.#agent = agent;
    this.#health = health;
    this.#random = random;
  }

  /** Replaces the sisters; those that stay where they are keep their moment. */
  setSisters(sisters: readonly ProbedSister[]): void {
    const probes = new Map<string, Probe>();
    for (const sister of sisters) {
      const known = this.#probes.get(sister.gateway);
      const stays = known !== undefined && backboneUri(known.sister.target) === backboneUri(sister.target);
      if (stays) this.#probes.delete(sister.gateway);
      probes.set(sister.gateway, stays ? known : { sister, timer: undefined, waiting: undefined });
    }
    for (const gone of this.#probes.values()) this.#end(gone);
    this.#probes = probes;
    for (const probe of probes.values()) {
      if (probe.timer === undefined) this.#schedule(probe, this.#random() * this.#intervalMs);
    }
  }

  close(): void {
    this.setSisters([]);
  }

  get #intervalMs(): number {
    return Math.max(sisterProbeIntervalMs, (this.#probes.size * 1000) / maximumProbesPerSecond);
  }

  #schedule(probe: Probe, delayMs: number): void {
    probe.timer = this.#clock.schedule(delayMs, () => this.#probe(probe), undefined);
  }

  #probe(probe: Probe): void {
    this.#schedule(probe, this.#intervalMs * (0.9 + this.#random() * 0.2));
    if (probe.waiting !== undefined) {
      this.#forget(probe.waiting);
      this.#report(probe, probe.waiting, undefined);
    }
    const waiting: Waiting = { transaction: undefined };
    probe.waiting = waiting;
    const user: ClientTransactionUser = {
      onResponse: ({ statusCode }) => {
        if (statusCode >= 200) this.#report(probe, waiting, statusCode);
      },
      onFailure: () => this.#report(probe, waiting, undefined),
    };
    const { target } = probe.sister;
    waiting.transaction = this.#agent.layer.send(this.#options(target), target, user);
  }

  /** What an OPTIONS says that is waited for no more is no news. */
  #report(probe: Probe, waiting: Waiting, statusCode: number | undefined): void {
    if (probe.waiting !== waiting) return;
    probe.waiting = undefined;
    this.#health.onProbe(probe.sister.gateway, statusCode);
  }

  #end(probe: Probe): void {
    probe.timer?.cancel();
    if (probe.waiting !== undefined) this.#forget(probe.waiting);
    probe.waiting = undefined;
  }

  #forget({ transaction }: Waiting): void {
    if (transaction !== undefined) this.#agent.layer.forget(transaction);
  }

  #options(target: Target): OutgoingRequest {
    const uri = backboneUri(target);
    const contact = this.#agent.contact(target.interfaceName, target.protocol);
    const request = new OutgoingRequest("OPTIONS", uri);
    request.headerFields
      .append("From", `${contact};tag=${newTag()}`)
      .append("To", `<${uri}>`)
      .append("Call-ID", newCallId())
      .append("CSeq", "1 OPTIONS")
      .append("Contact", contact)
      .append("User-Agent", this.#agent.productName);
    return request;
  }
}
