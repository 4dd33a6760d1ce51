import type { Clock } from "@tandem/clock";
import { type Database, markGatewaySeen } from "@tandem/database";
import type { ControlLogger } from "../control-logger.ts";
import type { GatewayState } from "./gateway-connection.ts";

/** A gateway that says nothing new is written down this often at most. */
export const seenIntervalMs = 10_000;

/** Writes down in the database which gateways were seen and what they route by. Losing a write loses nothing. */
export class GatewayRegister {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logger: ControlLogger;
  readonly #written = new Map<string, { readonly atMs: number; readonly snapshotVersion: number }>();

  constructor(database: Database, clock: Clock, logger: ControlLogger) {
    this.#database = database;
    this.#clock = clock;
    this.#logger = logger;
  }

  async record(state: GatewayState): Promise<void> {
    const atMs = this.#clock.wallMs();
    const last = this.#written.get(state.name);
    const isNews = last?.snapshotVersion !== state.snapshotVersion || atMs - last.atMs >= seenIntervalMs;
    if (!isNews) return;
    const { name, edge, snapshotVersion } = state;
    this.#written.set(name, { atMs, snapshotVersion });
    try {
      await markGatewaySeen(this.#database, { name, edge, snapshotVersion, atMs });
    } catch (error) {
      this.#logger.warn("gateway-not-recorded", { gateway: name, error: String(error) });
    }
  }
}
