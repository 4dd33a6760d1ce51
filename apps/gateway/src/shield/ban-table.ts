import type { Clock } from "@tandem/clock";

/** Sources that are banned at a time. Beyond it the ban that began first makes room. */
export const maximumBans = 10_000;
/** For what came over unverified UDP: anybody can write anybody's address into a datagram. */
export const unverifiedBanMs = 60_000;
/** For what came over a connection: the address answered. */
export const verifiedBanMs = 900_000;

/** Why, in words for the log and the operator. */
export type BanCause = "scanner" | "stranger" | "wrong-credentials";

export interface Ban {
  readonly interfaceName: string;
  readonly address: string;
  readonly cause: BanCause;
  /** Whether the source has shown that the address is its own. */
  readonly isVerified: boolean;
  /** Monotonic. */
  readonly endsAtMs: number;
}

/** Who is banned for how long, by interface and address: the same address on a private line is somebody else. */
export class BanTable {
  readonly #clock: Clock;
  readonly #byInterface = new Map<string, Map<string, Ban>>();
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bans that ended but were not asked for since count too. */
  get size(): number {
    return this.#size;
  }

  /** Asked for every datagram. */
  get(interfaceName: string, address: string): Ban | undefined {
    if (this.#size === 0) return undefined;
    const ban = this.#byInterface.get(interfaceName)?.get(address);
    if (ban === undefined || ban.endsAtMs > this.#clock.monotonicMs()) return ban;
    this.delete(interfaceName, address);
    return undefined;
  }

  /** A ban never shortens one that is verified. */
  add(interfaceName: string, address: string, cause: BanCause, isVerified: boolean): Ban {
    const known = this.get(interfaceName, address);
    if (known?.isVerified === true && !isVerified) return known;
    this.delete(interfaceName, address);
    if (this.#size >= maximumBans) this.#deleteFirst();
    const endsAtMs = this.#clock.monotonicMs() + (isVerified ? verifiedBanMs : unverifiedBanMs);
    const ban: Ban = { interfaceName, address, cause, isVerified, endsAtMs };
    const bans = this.#byInterface.get(interfaceName);
    if (bans === undefined) this.#byInterface.set(interfaceName, new Map([[address, ban]]));
    else bans.set(address, ban);
    this.#size += 1;
    return ban;
  }

  /** Whether there was one. */
  delete(interfaceName: string, address: string): boolean {
    const bans = this.#byInterface.get(interfaceName);
    if (bans?.delete(address) !== true) return false;
    this.#size -= 1;
    if (bans.size === 0) this.#byInterface.delete(interfaceName);
    return true;
  }

  /** Those in force. */
  list(): readonly Ban[] {
    const now = this.#clock.monotonicMs();
    return [...this.#byInterface.values()]
      .flatMap((bans) => [...bans.values()])
      .filter((ban) => ban.endsAtMs > now);
  }

  #deleteFirst(): void {
    let first: Ban | undefined;
    for (const bans of this.#byInterface.values()) {
      const [oldest] = bans.values();
      if (oldest !== undefined && (first === undefined || oldest.endsAtMs < first.endsAtMs)) first = oldest;
    }
    if (first !== undefined) this.delete(first.interfaceName, first.address);
  }
}
