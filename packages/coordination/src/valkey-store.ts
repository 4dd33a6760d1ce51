import { createClient } from "@redis/client";
import { exchangeTiming } from "./count-exchange.ts";
import type { CountStore } from "./count-store.ts";

export interface ValkeyStoreOptions {
  readonly host: string;
  readonly port: number;
  /** Number of the database. */
  readonly database: number;
  /** Left out: the server's user `default`. */
  readonly username?: string | undefined;
  /** Left out: none is asked for. */
  readonly password?: string | undefined;
  /** Left out: no TLS. */
  readonly tls?: ValkeyTls | undefined;
  /** Before each key: what tells installations apart that share a store. */
  readonly keyPrefix: string;
  readonly region: string;
  /** Name of this gateway. */
  readonly gateway: string;
}

export interface ValkeyTls {
  /** PEM of the authorities that may have issued the server's certificate; left out: those of the system. */
  readonly authorities?: string | undefined;
}

/** Commands without an answer: an exchange is two, its end and the set-up of the connection a few more. */
const maximumQueuedCommands = 16;

/**
 * Counts in Valkey or Redis 6 or later. What a gateway says is one string, `PREFIX:REGION:gateway:NAME`, that the server drops
 * by itself when it is not renewed. An exchange is a SET and a MGET in one round trip.
 *
 * The client neither connects again by itself nor keeps commands for later: who calls decides on both.
 */
export class ValkeyStore implements CountStore {
  readonly #options: ValkeyStoreOptions;
  readonly #client: ReturnType<typeof clientOf>;
  #hasSocket = false;
  #isClosed = false;

  constructor(options: ValkeyStoreOptions) {
    this.#options = options;
    this.#client = clientOf(options);
    // Whoever waits for an answer is told by its rejection; an error in between shows in the next exchange.
    this.#client.on("error", () => undefined);
    this.#client.on("connect", () => {
      this.#hasSocket = true;
      if (this.#isClosed) this.close();
    });
  }

  async open(): Promise<void> {
    await this.#client.connect();
  }

  async exchange(
    text: string,
    others: readonly string[],
    expiryMs: number,
  ): Promise<ReadonlyMap<string, string>> {
    const said = this.#client.set(this.#keyOf(this.#options.gateway), text, {
      expiration: { type: "PX", value: expiryMs },
    });
    if (others.length === 0) {
      await said;
      return new Map();
    }
    const [texts] = await Promise.all([this.#client.mGet(others.map((name) => this.#keyOf(name))), said]);
    const heard = new Map<string, string>();
    for (const [index, name] of others.entries()) {
      const other = texts[index];
      if (typeof other === "string") heard.set(name, other);
    }
    return heard;
  }

  async withdraw(): Promise<void> {
    await this.#client.del(this.#keyOf(this.#options.gateway));
  }

  /** The client forgets a socket that it is about to have, and would leave it open: that one is closed when it is there. */
  close(): void {
    this.#isClosed = true;
    if (this.#hasSocket && this.#client.isOpen) this.#client.destroy();
  }

  #keyOf(gateway: string): string {
    const { keyPrefix, region } = this.#options;
    return `${keyPrefix}:${region}:gateway:${gateway}`;
  }
}

function clientOf({ host, port, database, username, password, tls }: ValkeyStoreOptions) {
  const common = { host, port, connectTimeout: exchangeTiming.timeoutMs, reconnectStrategy: false } as const;
  return createClient({
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    database,
    // The second version needs no HELLO, which a user of the store may not be allowed.
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: "disabled",
    disableOfflineQueue: true,
    commandsQueueMaxLength: maximumQueuedCommands,
    socket: tls === undefined ? common : { ...common, tls: true, ...authoritiesOf(tls) },
  });
}

function authoritiesOf({ authorities }: ValkeyTls): { readonly ca?: string } {
  return authorities === undefined ? {} : { ca: authorities };
}
