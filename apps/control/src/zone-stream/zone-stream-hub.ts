import type { Clock } from "@tandem/clock";
import type { WebSocket } from "ws";
import type { ControlLogger } from "../control-logger.ts";
import type { PublishedFrame } from "../snapshot/index.ts";
import { ZoneSubscription } from "./zone-subscription.ts";

export interface ZoneStreamHubOptions {
  readonly clock: Clock;
  readonly logger: ControlLogger;
}

/** Name servers that are connected at a time, those before `hello` included. */
export const maximumNameServers = 64;

const goingAway = 1001;
const replaced = 4000;
const tryAgainLater = 1013;

/** All name servers that are connected to this control. Each has one connection: a new one replaces the old. */
export class ZoneStreamHub {
  readonly #options: ZoneStreamHubOptions;
  readonly #subscriptions = new Set<ZoneSubscription>();
  readonly #open = new Map<string, ZoneSubscription>();
  #zone: PublishedFrame | undefined;
  #isClosed = false;

  constructor(options: ZoneStreamHubOptions) {
    this.#options = options;
  }

  /** Takes over a socket whose token was that of name server `name`. */
  adopt(socket: WebSocket, name: string): void {
    if (this.#isClosed || this.#subscriptions.size >= maximumNameServers) {
      socket.on("error", () => undefined);
      socket.close(tryAgainLater, this.#isClosed ? "control is closing" : "too many connections");
      return;
    }
    const { clock, logger } = this.#options;
    this.#subscriptions.add(
      new ZoneSubscription({
        socket,
        name,
        clock,
        onOpen: (opened) => this.#onOpen(opened),
        onApplied: (nameServer, version) => logger.info("zone-applied", { nameServer, version }),
        onClose: (closed, why) => this.#onClose(closed, why),
      }),
    );
  }

  /** Sends the zone to all name servers that hold an older one, and to those that will come. */
  publish(zone: PublishedFrame): void {
    this.#zone = zone;
    for (const subscription of this.#open.values()) subscription.offer(zone);
  }

  /** Idempotent. Name servers are told to come back to another control. */
  close(): void {
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) subscription.close(goingAway, "control is closing");
  }

  #onOpen(subscription: ZoneSubscription): void {
    this.#open.get(subscription.name)?.close(replaced, "replaced by a new connection");
    this.#open.set(subscription.name, subscription);
    this.#options.logger.info("name-server-connected", { nameServer: subscription.name });
    if (this.#zone !== undefined) subscription.offer(this.#zone);
  }

  #onClose(subscription: ZoneSubscription, why: string): void {
    this.#subscriptions.delete(subscription);
    if (this.#open.get(subscription.name) === subscription) this.#open.delete(subscription.name);
    this.#options.logger.info("name-server-disconnected", { nameServer: subscription.name, why });
  }
}
