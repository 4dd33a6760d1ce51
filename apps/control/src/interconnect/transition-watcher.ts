import type { Clock, Timer } from "@tandem/clock";
import {
  bumpSnapshot,
  type ConnectionRow,
  type Database,
  findLastConnectionTransitions,
  findUnsettledConnections,
  type GatewayRow,
  listGatewaysOfEdges,
  lockConnectionIfFree,
  type Transaction,
} from "@tandem/database";
import type { ControlLogger } from "../control-logger.ts";
import { type LineEvent, stepLine } from "./connection-machine.ts";
import { followedCause, isConnected, provisionedCause, reportsText } from "./gateway-reports.ts";
import { interconnectLimits as limits } from "./limits.ts";
import { lineStateOf, moveConnection } from "./move-connection.ts";

export interface TransitionWatcherOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: ControlLogger;
  /** A line has moved, and the snapshot's version with it. */
  readonly onMoved: () => void;
}

/**
 * Brings lines out of states that nobody should stay in: ends transitions, removes what is being deleted, notices
 * expiry. All it knows lies in the database, waits included: it goes on where a control that died left off, and several
 * controls may do it at once, since each line is locked by one of them.
 *
 * Idle → looking → idle; `notify` while looking makes it look once more. Closed: never looks again.
 */
export class TransitionWatcher {
  readonly #options: TransitionWatcherOptions;
  #timer: Timer | undefined;
  #looking: Promise<void> | undefined;
  #isNoticePending = false;
  #isClosed = false;

  constructor(options: TransitionWatcherOptions) {
    this.#options = options;
  }

  /** The first look; afterwards it looks by itself. */
  async start(): Promise<void> {
    await this.#lookAgain();
    this.#arm();
  }

  /** A line was changed or a gateway said something new: look now. */
  notify(): void {
    void this.#lookAgain();
  }

  /** Waits for a look that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  #arm(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.schedule(
      limits.watchIntervalMs,
      (watcher: TransitionWatcher) => void watcher.#lookAgain().then(() => watcher.#arm()),
      this,
    );
  }

  #lookAgain(): Promise<void> {
    this.#isNoticePending = true;
    this.#looking ??= this.#lookWhileNoticed().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookWhileNoticed(): Promise<void> {
    while (this.#isNoticePending && !this.#isClosed) {
      this.#isNoticePending = false;
      try {
        await this.#look();
      } catch (error) {
        this.#options.logger.error("connections-not-watched", { error: String(error) });
      }
    }
  }

  async #look(): Promise<void> {
    const { database, clock, logger } = this.#options;
    for (const sid of await findUnsettledConnections(database, clock.wallMs())) {
      if (this.#isClosed) return;
      try {
        await this.#settle(sid);
      } catch (error) {
        // The next look tries again; the other lines do not wait for this one.
        logger.error("connection-not-settled", { connection: sid, error: String(error) });
      }
    }
  }

  async #settle(sid: string): Promise<void> {
    const { database, clock, logger, onMoved } = this.#options;
    const nowMs = clock.wallMs();
    const moved = await database.transaction(async (transaction) => {
      const row = await lockConnectionIfFree(transaction, sid);
      const event = row === undefined ? undefined : await eventOf(transaction, row, nowMs);
      if (row === undefined || event === undefined) return undefined;
      const step = stepLine(lineStateOf(row), event);
      if (step.kind !== "moved") return undefined;
      await moveConnection(transaction, row, step, nowMs);
      await bumpSnapshot(transaction);
      return { from: row.status, to: step.state, code: step.code, cause: step.cause };
    });
    if (moved === undefined) return;
    logger.info("connection-moved", { connection: sid, ...moved });
    onMoved();
  }
}

/** What has happened to the line meanwhile; undefined: nothing. */
async function eventOf(
  transaction: Transaction,
  row: ConnectionRow,
  nowMs: number,
): Promise<LineEvent | undefined> {
  const isDeleted = row.status === "pending-deletion";
  if (!isDeleted && row.expires_at !== null && row.expires_at.getTime() <= nowMs) return { kind: "expired" };
  if (!isDeleted && row.target === null) return undefined;
  const connected = await connectedGateways(transaction, row, nowMs);
  const cause = row.target === "active" ? provisionedCause(row, connected) : followedCause(row, connected);
  if (cause !== undefined) return { kind: "followed", cause };
  // A deletion waits as long as a connected gateway still has the line: its address must not be given away before.
  if (row.target === null || !(await isTimeUp(transaction, row.sid, nowMs))) return undefined;
  return { kind: "timed-out", cause: reportsText(row, row.target, connected) };
}

async function connectedGateways(
  transaction: Transaction,
  row: ConnectionRow,
  nowMs: number,
): Promise<readonly GatewayRow[]> {
  const gateways = await listGatewaysOfEdges(transaction, [row.edge]);
  return gateways.filter((gateway) => isConnected(gateway, nowMs));
}

/** The date of the transition is the timer's start, so that it survives every control. */
async function isTimeUp(transaction: Transaction, sid: string, nowMs: number): Promise<boolean> {
  const last = (await findLastConnectionTransitions(transaction, [sid], 1)).get(sid)?.[0];
  return last === undefined || nowMs - last.date_created.getTime() >= limits.transitionTimeoutMs;
}
