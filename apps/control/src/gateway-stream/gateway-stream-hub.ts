import type { Clock } from "@tandem/clock";
import type {
  CommandResult,
  ExplainRequest,
  ExplainResult,
  GatewayCommand,
  LiveCall,
} from "@tandem/contracts";
import type { WebSocket } from "ws";
import type { ControlLogger } from "../control-logger.ts";
import type { ReceivedEntry } from "../records/store-entries.ts";
import type { PublishedSnapshot } from "../snapshot/index.ts";
import { GatewayConnection, type GatewayState } from "./gateway-connection.ts";
import { gatewayStreamLimits as limits } from "./limits.ts";

export interface GatewayStreamHubOptions {
  readonly clock: Clock;
  readonly logger: ControlLogger;
  /** Resolves when all entries are safe; a rejection makes the hub try again. */
  readonly store: (gateway: string, entries: readonly ReceivedEntry[]) => Promise<unknown>;
  /** What gateways say about themselves, as it comes. */
  readonly onState: (state: GatewayState) => void;
  /** A stream has ended; that gateway may have another one by now. */
  readonly onGone?: (state: GatewayState) => void;
}

/** Answers of several gateways; `missing` names those that did not give one. */
export interface LiveCalls {
  readonly calls: readonly LiveCall[];
  readonly missing: readonly string[];
}

export type Explained =
  | { readonly ok: true; readonly result: ExplainResult }
  /** `unreachable`: there is no such gateway here; `failed`: it could not say. */
  | { readonly ok: false; readonly kind: "unreachable" | "failed"; readonly error: string };

const goingAway = 1001;
const replaced = 4000;
const tryAgainLater = 1013;

/** All gateways that are connected to this control. A gateway has one connection: a new one replaces the old. */
export class GatewayStreamHub {
  readonly #options: GatewayStreamHubOptions;
  readonly #connections = new Set<GatewayConnection>();
  readonly #open = new Map<string, GatewayConnection>();
  #snapshot: PublishedSnapshot | undefined;
  #isClosed = false;

  constructor(options: GatewayStreamHubOptions) {
    this.#options = options;
  }

  /** Takes over a socket whose token was that of gateway `name`. */
  adopt(socket: WebSocket, name: string): void {
    if (this.#isClosed || this.#connections.size >= limits.maximumConnections) {
      socket.on("error", () => undefined);
      socket.close(tryAgainLater, this.#isClosed ? "control is closing" : "too many connections");
      return;
    }
    const { clock, store, onState, logger } = this.#options;
    const connection = new GatewayConnection({
      socket,
      name,
      clock,
      store,
      onState,
      onOpen: (opened) => this.#onOpen(opened),
      onClose: (closed, why) => this.#onClose(closed, why),
      onStoreFailure: (gateway, error) =>
        logger.error("entries-not-stored", { gateway, error: String(error) }),
    });
    this.#connections.add(connection);
  }

  /** Sends the snapshot to all gateways that hold an older one, and to those that will come. */
  publish(snapshot: PublishedSnapshot): void {
    this.#snapshot = snapshot;
    for (const connection of this.#open.values()) connection.offerSnapshot(snapshot);
  }

  /** Gateways that are connected, by name. */
  gateways(): readonly GatewayState[] {
    const states = [...this.#open.values()].flatMap(({ state }) => (state === undefined ? [] : [state]));
    return states.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Connected gateways that do not route by the snapshot published last. */
  get stale(): number {
    const version = this.#snapshot?.version ?? 0;
    return this.gateways().filter((state) => state.snapshotVersion < version).length;
  }

  /** Never rejects. */
  async command(gateway: string, command: GatewayCommand): Promise<CommandResult> {
    const connection = this.#open.get(gateway);
    if (connection === undefined) return { ok: false, error: `gateway ${gateway} is not connected` };
    return connection.command(command);
  }

  /** All calls in progress, or the one with that SID; oldest first. */
  async liveCalls(callSid: string | null = null): Promise<LiveCalls> {
    const answers = await this.#askAll({ name: "live-calls", callSid });
    const calls = answers.flatMap(({ result }) =>
      result.ok && result.name === "live-calls" ? result.calls : [],
    );
    const wanted = callSid === null ? calls : calls.filter((call) => call.sid === callSid);
    return {
      calls: wanted.toSorted((a, b) => a.setupAtMs - b.setupAtMs || (a.sid < b.sid ? -1 : 1)),
      missing: answers.flatMap(({ gateway, result }) => (result.ok ? [] : [gateway])),
    };
  }

  /** Ends the call wherever it is; false: no gateway has it. */
  async hangUp(callSid: string): Promise<boolean> {
    const answers = await this.#askAll({ name: "hang-up", callSid });
    return answers.some(({ result }) => result.ok && result.name === "hang-up" && result.found);
  }

  /** Dry run on that gateway, or on the first that is connected. */
  async explain(request: ExplainRequest, gateway?: string): Promise<Explained> {
    const name = gateway ?? this.gateways()[0]?.name;
    if (name === undefined) return { ok: false, kind: "unreachable", error: "no gateway is connected" };
    if (!this.#open.has(name)) {
      return { ok: false, kind: "unreachable", error: `gateway ${name} is not connected` };
    }
    const result = await this.command(name, { name: "explain", request });
    if (result.ok && result.name === "explain") return { ok: true, result: result.result };
    return { ok: false, kind: "failed", error: result.ok ? "the gateway gave no explanation" : result.error };
  }

  /** Idempotent. Gateways are told to come back to another control. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections) connection.close(goingAway, "control is closing");
  }

  async #askAll(command: GatewayCommand) {
    return Promise.all(
      [...this.#open.values()].map(async (connection) => ({
        gateway: connection.name,
        result: await connection.command(command),
      })),
    );
  }

  #onOpen(connection: GatewayConnection): void {
    this.#open.get(connection.name)?.close(replaced, "replaced by a new connection");
    this.#open.set(connection.name, connection);
    const { logger } = this.#options;
    const held = connection.state?.snapshotVersion ?? 0;
    logger.info("gateway-connected", { gateway: connection.name, snapshotVersion: held });
    if (this.#snapshot === undefined) return;
    if (held > this.#snapshot.version) {
      // The database was put back to an older state: the gateway goes on with what it has until versions grow past it.
      logger.warn("gateway-holds-newer-snapshot", {
        gateway: connection.name,
        held,
        published: this.#snapshot.version,
      });
    }
    connection.offerSnapshot(this.#snapshot);
  }

  #onClose(connection: GatewayConnection, why: string): void {
    this.#connections.delete(connection);
    if (this.#open.get(connection.name) === connection) this.#open.delete(connection.name);
    this.#options.logger.info("gateway-disconnected", { gateway: connection.name, why });
    if (connection.state !== undefined) this.#options.onGone?.(connection.state);
  }
}
