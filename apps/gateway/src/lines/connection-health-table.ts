import type { Clock, Timer } from "@tandem/clock";
import type { ConnectionHealth } from "@tandem/contracts";
import { type LineEvent, type LineState, nextLookMs, step, unknownLine } from "./connection-health.ts";

export interface LineChange {
  readonly sid: string;
  readonly before: ConnectionHealth["state"];
  readonly after: ConnectionHealth["state"];
  /** As `objectionTo` says it; undefined: it is up, or nothing is known. */
  readonly text: string | undefined;
}

export interface ConnectionHealthTableOptions {
  readonly clock: Clock;
  readonly onChange: (change: LineChange) => void;
}

/** Why a line is not used. */
export interface LineObjection {
  /** `line TX… is down since 12:00:03: link down`. Times of day are UTC. */
  readonly text: string;
  /** It is there, and may carry a call after all when nothing else does. */
  readonly mayBeTried: boolean;
}

interface Entry {
  state: LineState;
  sinceMs: number;
  timer: Timer | undefined;
}

/** What this gateway knows of each private line of its edge. */
export class ConnectionHealthTable {
  readonly #options: ConnectionHealthTableOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ConnectionHealthTableOptions) {
    this.#options = options;
  }

  /** The lines of the snapshot: new ones are unknown, others are forgotten. */
  setLines(sids: ReadonlySet<string>): void {
    for (const [sid, entry] of this.#entries) {
      if (sids.has(sid)) continue;
      entry.timer?.cancel();
      this.#entries.delete(sid);
    }
    for (const sid of sids) {
      if (this.#entries.has(sid)) continue;
      this.#entries.set(sid, { state: unknownLine, sinceMs: this.#options.clock.wallMs(), timer: undefined });
    }
  }

  /** Of a line that is not of the snapshot nothing is learned. */
  learn(sid: string, event: LineEvent): void {
    const entry = this.#entries.get(sid);
    if (entry === undefined) return;
    const { clock } = this.#options;
    const before = entry.state;
    const after = step(before, event, clock.monotonicMs());
    entry.state = after;
    entry.timer?.cancel();
    const lookMs = nextLookMs(after);
    entry.timer =
      lookMs === undefined
        ? undefined
        : clock.schedule(lookMs - clock.monotonicMs(), () => this.learn(sid, { kind: "time" }), undefined);
    if (before.verdict === after.verdict && before.reason === after.reason) return;
    entry.sinceMs = after.cause === "agent" ? (after.agent?.sinceMs ?? clock.wallMs()) : clock.wallMs();
    const text = this.objectionTo(sid)?.text;
    this.#options.onChange({ sid, before: before.verdict, after: after.verdict, text });
  }

  /** Everything the agent knows; undefined: it is gone. */
  learnFromAgent(reports: readonly ConnectionHealth[] | undefined): void {
    const bySid = new Map(reports?.map((report) => [report.sid, report]));
    for (const sid of this.#entries.keys()) this.learn(sid, { kind: "agent", report: bySid.get(sid) });
  }

  /** Why a line is better not used; undefined: use it. */
  objectionTo(sid: string): LineObjection | undefined {
    const entry = this.#entries.get(sid);
    const reason = entry?.state.reason;
    if (entry === undefined || reason === undefined) return undefined;
    if (entry.state.verdict === "unprovisioned") {
      return { text: `line ${sid} is not on this gateway: ${reason}`, mayBeTried: false };
    }
    const since = new Date(entry.sinceMs).toISOString().slice(11, 19);
    return { text: `line ${sid} is down since ${since}: ${reason}`, mayBeTried: true };
  }

  /** All lines, in the order in which they became known. */
  describe(): ConnectionHealth[] {
    return Array.from(this.#entries, ([sid, { state, sinceMs }]) => {
      const { agent, verdict, reason = null } = state;
      const counted = { link: "unknown", route: "unknown", bgp: null, bfd: null } as const;
      const counters = { receivedBytes: null, sentBytes: null };
      return { ...counted, ...counters, ...agent, sid, state: verdict, reason, sinceMs };
    });
  }

  close(): void {
    this.setLines(new Set());
  }
}
