import type { Clock, Timer } from "@tandem/clock";
import { OutgoingRequest } from "@tandem/sip/message";
import type { ClientTransactionUser } from "@tandem/sip/transaction";
import { newCallId, newTag, resolveUri, type UserAgent } from "@tandem/sip/user-agent";
import type { ProbeTarget } from "./probe-targets.ts";
import type { TargetHealthTable } from "./target-health.ts";

/** No target is asked more often: many SBCs ban who does. */
export const shortestProbeIntervalSeconds = 15;

export interface HealthProberOptions {
  readonly clock: Clock;
  readonly agent: UserAgent;
  readonly table: TargetHealthTable;
  readonly intervalSeconds: number;
  /** 0 to 1; spreads the probes. */
  readonly random: () => number;
}

/** Sends OPTIONS to every target once per interval, each at a moment of its own. */
export class HealthProber {
  readonly #options: HealthProberOptions;
  readonly #timers = new Map<string, Timer>();
  #targets = new Map<string, ProbeTarget>();

  constructor(options: HealthProberOptions) {
    this.#options = options;
  }

  /** Replaces the targets; those that stay keep their moment. */
  setTargets(targets: readonly ProbeTarget[]): void {
    this.#targets = new Map(targets.map((target) => [target.sid, target]));
    for (const [sid, timer] of this.#timers) {
      if (this.#targets.has(sid)) continue;
      timer.cancel();
      this.#timers.delete(sid);
    }
    for (const sid of this.#targets.keys()) {
      if (!this.#timers.has(sid)) this.#schedule(sid, this.#options.random() * this.#intervalMs);
    }
  }

  close(): void {
    this.setTargets([]);
  }

  /** @internal */
  probe(sid: string): void {
    const target = this.#targets.get(sid);
    if (target === undefined) return;
    this.#schedule(sid, this.#intervalMs * (0.9 + this.#options.random() * 0.2));
    const { agent, table } = this.#options;
    // What an address says that is probed no more is news of nobody.
    const report = (statusCode: number | undefined): void => {
      if (this.#targets.get(sid)?.uri === target.uri) table.onProbe(sid, statusCode);
    };
    resolveUri(agent.locator, target.uri, target.path, (resolved) => {
      const first = resolved.ok ? resolved.targets[0] : undefined;
      if (first === undefined) {
        report(undefined);
        return;
      }
      const user: ClientTransactionUser = {
        onResponse: (response) => {
          if (response.statusCode >= 200) report(response.statusCode);
        },
        onFailure: () => report(undefined),
      };
      agent.layer.send(
        this.#optionsRequest(target, agent.contact(first.interfaceName, first.protocol)),
        first,
        user,
      );
    });
  }

  get #intervalMs(): number {
    return Math.max(this.#options.intervalSeconds, shortestProbeIntervalSeconds) * 1000;
  }

  #schedule(sid: string, delayMs: number): void {
    this.#timers.set(
      sid,
      this.#options.clock.schedule(delayMs, () => this.probe(sid), undefined),
    );
  }

  #optionsRequest(target: ProbeTarget, contact: string): OutgoingRequest {
    const request = new OutgoingRequest("OPTIONS", target.uri);
    request.headerFields
      .append("From", `${contact};tag=${newTag()}`)
      .append("To", `<${target.uri}>`)
      .append("Call-ID", newCallId())
      .append("CSeq", "1 OPTIONS")
      .append("Contact", contact)
      .append("Accept", "application/sdp")
      .append("User-Agent", this.#options.agent.productName);
    return request;
  }
}
