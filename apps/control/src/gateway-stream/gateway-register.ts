import type { Clock } from "@tandem/clock";
import {
  bumpSnapshot,
  type Database,
  markGatewayGone,
  markGatewaySeen,
  placeGateway,
  type ReportedConnectionHealth,
} from "@tandem/database";
import type { ControlLogger } from "../control-logger.ts";
import type { GatewayState } from "./gateway-connection.ts";
import { LineRates } from "./line-rates.ts";

/** A gateway that says nothing new is written down this often at most. */
export const seenIntervalMs = 10_000;

export interface GatewayRegisterOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: ControlLogger;
  /** What a gateway says about its lines or its snapshot has changed in the database. */
  readonly onNews?: () => void;
  /** Where gateways are has changed, and the snapshot's version with it. */
  readonly onPlaced?: () => void;
}

interface Report {
  readonly state: GatewayState;
  readonly health: readonly ReportedConnectionHealth[];
}

interface Written {
  /** Monotonic. */
  readonly whenMs: number;
  /** All that counts as news, as one text. */
  readonly news: string;
}

/**
 * Writes down in the database what gateways say: where they are, what they route by, how their lines are. A write that
 * fails is made good by the next thing the gateway says. Writes about one gateway follow each other; of what comes
 * meanwhile only the last is written.
 */
export class GatewayRegister {
  readonly #options: GatewayRegisterOptions;
  readonly #rates = new Map<string, LineRates>();
  readonly #written = new Map<string, Written>();
  readonly #waiting = new Map<string, Report>();
  /** The last write of each gateway that is not over yet. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(options: GatewayRegisterOptions) {
    this.#options = options;
  }

  /** Resolves when it is written, or when that was in vain. */
  async record(state: GatewayState): Promise<void> {
    const { name } = state;
    const rates = this.#rates.get(name) ?? new LineRates();
    this.#rates.set(name, rates);
    const health = rates.report(state.connections, this.#options.clock.monotonicMs());
    const isWaiting = this.#waiting.has(name);
    this.#waiting.set(name, { state, health });
    await (isWaiting ? this.#writing.get(name) : this.#append(name, () => this.#writeWaiting(name)));
  }

  /** That stream has ended. */
  async gone({ name, streamId }: GatewayState): Promise<void> {
    this.#rates.delete(name);
    await this.#append(name, async () => {
      await this.#try(name, () => markGatewayGone(this.#options.database, name, streamId));
      this.#options.onNews?.();
    });
  }

  /** Resolves when all that was said is written. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  #append(name: string, write: () => Promise<void>): Promise<void> {
    const writing = (this.#writing.get(name) ?? Promise.resolve()).then(write).finally(() => {
      if (this.#writing.get(name) === writing) this.#writing.delete(name);
    });
    this.#writing.set(name, writing);
    return writing;
  }

  async #writeWaiting(name: string): Promise<void> {
    const report = this.#waiting.get(name);
    this.#waiting.delete(name);
    if (report !== undefined) await this.#writeIfNews(report);
  }

  async #writeIfNews(report: Report): Promise<void> {
    const { name } = report.state;
    const { clock } = this.#options;
    const whenMs = clock.monotonicMs();
    const news = newsOf(report);
    const last = this.#written.get(name);
    if (last !== undefined && last.news === news && whenMs - last.whenMs < seenIntervalMs) return;
    const isWritten = await this.#try(name, () => this.#write(report, clock.wallMs()));
    if (!isWritten) return;
    this.#written.set(name, { whenMs, news });
    if (last?.news !== news) this.#options.onNews?.();
  }

  async #write({ state, health }: Report, atMs: number): Promise<void> {
    const { name, streamId, snapshotVersion, healthSnapshotVersion } = state;
    const isPlaced = await this.#options.database.transaction(async (transaction) => {
      const seen = { name, streamId, snapshotVersion, health, healthSnapshotVersion, atMs };
      await markGatewaySeen(transaction, seen);
      if (!(await placeGateway(transaction, name, state.edge, state.interfaces))) return false;
      await bumpSnapshot(transaction);
      return true;
    });
    if (isPlaced) this.#options.onPlaced?.();
  }

  async #try(gateway: string, write: () => Promise<void>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      this.#options.logger.warn("gateway-not-recorded", { gateway, error: String(error) });
      return false;
    }
  }
}

/** Counters and rates change with every report and are no news. */
function newsOf({ state, health }: Report): string {
  const lines = health.map(({ sid, state: lineState, reason, sinceMs, link, route, bgp, bfd }) => [
    sid,
    lineState,
    reason,
    sinceMs,
    link,
    route,
    bgp,
    bfd,
  ]);
  const { streamId, edge, interfaces, snapshotVersion, healthSnapshotVersion } = state;
  return JSON.stringify([streamId, edge, interfaces, snapshotVersion, healthSnapshotVersion, lines]);
}
