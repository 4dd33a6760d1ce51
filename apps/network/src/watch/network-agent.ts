import type { Clock, Timer } from "@tandem/clock";
import {
  type ConnectionHealth,
  type NetworkState,
  networkStateIntervalMs,
  type Snapshot,
} from "@tandem/contracts";
import type { Logger } from "@tandem/telemetry";
import type { Enforcer } from "../enforce/enforcer.ts";
import { lineHealth, refusedHealth } from "../health/line-health.ts";
import type { RoutingDaemonState } from "../health/routing-daemon.ts";
import type { HostState } from "../kernel/host-state.ts";
import type { Lines } from "../lines/line.ts";

/** Events come in bursts; so long after the first the agent looks. */
export const debounceMs = 10;

export interface NetworkAgentParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly enforcer: Enforcer;
  /** @throws Error when there is one that can't be used */
  readSnapshot(): Promise<Snapshot | undefined>;
  linesOf(snapshot: Snapshot): Lines;
  /** @throws Error when the kernel can't be asked */
  readHost(): Promise<HostState>;
  /** What the routing daemon said last. Undefined: there is none, or it does not answer. */
  daemonState(): RoutingDaemonState | undefined;
  writeState(state: NetworkState): Promise<void>;
  /** Lines that are wanted now, after each snapshot. */
  onLines(lines: Lines): void;
}

/** Why a pass is made. `interval`: the state file is written even when nothing has changed. */
export type PassCause = "snapshot" | "change" | "interval";

/**
 * Keeps the kernel as the snapshot wants it, and the state file as the kernel is, in passes: one at a time, each from what
 * is so now and not from what an event said. Causes that come during a pass make one more afterwards.
 */
export class NetworkAgent {
  readonly #parts: NetworkAgentParts;
  readonly #causes = new Set<PassCause>();
  #timer: Timer | undefined;
  #interval: Timer | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  #version = 0;
  #lines: Lines = { lines: [], refused: [] };
  #appliedVersion = 0;
  #health = new Map<string, ConnectionHealth>();
  /** What was logged last, so that a lasting fault is told once. */
  #told = "";

  constructor(parts: NetworkAgentParts) {
    this.#parts = parts;
  }

  /** Version of the snapshot whose rules are in force; 0: none. */
  get appliedVersion(): number {
    return this.#appliedVersion;
  }

  start(): void {
    this.request("snapshot");
    this.#beat();
  }

  /** Asks for a pass, soon. */
  request(cause: PassCause): void {
    if (this.#isClosed) return;
    this.#causes.add(cause);
    if (this.#timer !== undefined || this.#running !== undefined) return;
    this.#timer = this.#parts.clock.schedule(debounceMs, () => this.#begin(), undefined);
  }

  /** No more passes; resolves when the one under way has ended. Nothing is taken back from the kernel. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#interval?.cancel();
    await this.#running;
  }

  #beat(): void {
    if (this.#isClosed) return;
    this.#interval = this.#parts.clock.schedule(
      networkStateIntervalMs,
      () => {
        this.request("interval");
        this.#beat();
      },
      undefined,
    );
  }

  #begin(): void {
    this.#timer = undefined;
    const causes = new Set(this.#causes);
    this.#causes.clear();
    this.#running = this.#passAndMore(causes);
  }

  async #passAndMore(causes: ReadonlySet<PassCause>): Promise<void> {
    try {
      await this.#pass(causes);
    } catch (error) {
      this.#tell([String(error)]);
    }
    this.#running = undefined;
    const [next] = this.#causes;
    if (next !== undefined) this.request(next);
  }

  async #pass(causes: ReadonlySet<PassCause>): Promise<void> {
    const { enforcer } = this.#parts;
    const faults: string[] = [];
    if (causes.has("interval") && !(await enforcer.areRulesIntact())) enforcer.forgetRules();
    const host = await this.#parts.readHost();
    // What is dead is told before anything is mended, and a new line only when it is made.
    await this.#publish(host, causes.has("interval"), faults);
    if (causes.has("snapshot")) faults.push(...(await this.#readSnapshot()));
    const enforced = await enforcer.enforce(this.#lines.lines, host);
    faults.push(...enforced.errors);
    const wasApplied = this.#appliedVersion;
    if (enforced.areRulesInForce) this.#appliedVersion = this.#version;
    if (enforced.changes > 0) this.#parts.logger.info("applied", this.#summary(enforced.changes));
    await this.#publish(enforced.host, wasApplied !== this.#appliedVersion, faults);
    this.#tell(faults);
  }

  #summary(changes: number): Record<string, number> {
    const { lines, refused } = this.#lines;
    return { version: this.#version, lines: lines.length, refused: refused.length, changes };
  }

  /** The lines of before stay in force when there is a snapshot that can't be used. */
  async #readSnapshot(): Promise<readonly string[]> {
    try {
      const snapshot = await this.#parts.readSnapshot();
      if (snapshot === undefined) return [];
      this.#version = snapshot.version;
      this.#lines = this.#parts.linesOf(snapshot);
      this.#parts.onLines(this.#lines);
      return [];
    } catch (error) {
      return [String(error)];
    }
  }

  async #publish(host: HostState, isDue: boolean, faults: string[]): Promise<void> {
    const nowMs = this.#parts.clock.wallMs();
    const { lines, refused } = this.#lines;
    const daemon = this.#parts.daemonState();
    const connections = [
      ...lines.map((line) => lineHealth(line, host, daemon, this.#health.get(line.sid), nowMs)),
      ...refused.map((one) => refusedHealth(one, this.#health.get(one.sid), nowMs)),
    ];
    const isChanged = this.#hasChanged(connections);
    if (!isChanged && !isDue) return;
    this.#logTransitions(connections);
    this.#health = new Map(connections.map((one) => [one.sid, one]));
    const appliedSnapshotVersion = this.#appliedVersion;
    try {
      await this.#parts.writeState({
        formatVersion: 1,
        writtenAtMs: nowMs,
        appliedSnapshotVersion,
        connections,
      });
    } catch (error) {
      faults.push(`state not written: ${String(error)}`);
    }
  }

  /** Counters alone are no change: they wait for the interval. */
  #hasChanged(connections: readonly ConnectionHealth[]): boolean {
    if (connections.length !== this.#health.size) return true;
    return connections.some((one) => {
      const before = this.#health.get(one.sid);
      return before === undefined || comparable(one) !== comparable(before);
    });
  }

  #logTransitions(connections: readonly ConnectionHealth[]): void {
    for (const { sid, state, reason } of connections) {
      if (this.#health.get(sid)?.state === state) continue;
      const level = state === "up" ? "info" : "warn";
      this.#parts.logger[level]("line", { sid, state, reason });
    }
  }

  #tell(faults: readonly string[]): void {
    const text = faults.join("\n");
    if (text === this.#told) return;
    this.#told = text;
    for (const fault of faults) this.#parts.logger.error("not-enforced", { fault });
    if (faults.length === 0) this.#parts.logger.info("enforced", { version: this.#version });
  }
}

function comparable({
  receivedBytes: _in,
  sentBytes: _out,
  sinceMs: _since,
  ...rest
}: ConnectionHealth): string {
  return JSON.stringify(rest);
}
