import type { AttemptSignal } from "@tandem/b2bua";
import type { Path } from "@tandem/sip/user-agent";
import type { ConnectionHealthTable } from "../lines/connection-health-table.ts";
import type { HealthProber } from "./health-prober.ts";
import type { ProbeTarget } from "./probe-targets.ts";
import type { TargetHealthTable } from "./target-health.ts";

export interface PathSignalsOptions {
  readonly targets: TargetHealthTable;
  readonly lines: ConnectionHealthTable;
  readonly prober: () => Pick<HealthProber, "hurry" | "hurryLine">;
}

/** What calls and probes tell: of the target on its way, and of the private line, if the way is one. */
export class PathSignals {
  readonly #options: PathSignalsOptions;
  /** Targets that have answered a probe, by line: the silence of others says nothing about the line. */
  readonly #answering = new Set<string>();

  constructor(options: PathSignalsOptions) {
    this.#options = options;
  }

  onAttempt(signal: AttemptSignal): void {
    const { targets, prober } = this.#options;
    const { candidate, path, failure, statusCode } = signal;
    targets.onAttempt(signal);
    if (path === undefined) return;
    if (failure !== undefined) prober().hurry(candidate.sid);
    if (failure === "timeout") {
      this.#tellLine(path, candidate.sid, "unanswered");
      // Is it the line? Whoever else is behind it can tell.
      if (path.connection !== undefined) prober().hurryLine(path.connection);
    } else if (statusCode !== undefined) {
      this.#tellLine(path, candidate.sid, "answered");
    }
  }

  onProbe(target: ProbeTarget, path: Path, statusCode: number | undefined): void {
    const { sid, uri, edge } = target;
    this.#options.targets.onProbe({ sid, uri, edge, path }, statusCode);
    const key = `${sid} ${path.connection ?? ""}`;
    if (statusCode !== undefined) {
      this.#answering.add(key);
      this.#tellLine(path, sid, "answered");
    } else if (this.#answering.has(key)) {
      this.#tellLine(path, sid, "unanswered");
    }
  }

  /** Forgets targets that are probed no more. */
  retain(targets: readonly ProbeTarget[]): void {
    const sids = new Set(targets.map(({ sid }) => sid));
    for (const key of this.#answering) {
      if (!sids.has(key.slice(0, key.indexOf(" ")))) this.#answering.delete(key);
    }
  }

  /** That target is no more. */
  forget(sid: string): void {
    for (const key of this.#answering) if (key.startsWith(`${sid} `)) this.#answering.delete(key);
  }

  #tellLine(path: Path, target: string, kind: "answered" | "unanswered"): void {
    if (path.connection !== undefined) this.#options.lines.learn(path.connection, { kind, target });
  }
}
