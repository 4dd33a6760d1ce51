import { IpsecPolicies, type IpsecPolicySet } from "./ipsec-policies.ts";
import type { KernelPlace } from "./kernel-place.ts";
import type { Hop } from "./layout/index.ts";
import { addressBytes, addressText } from "./mapped-address.ts";
import { RouteTable } from "./route-table.ts";
import type { SystemCalls } from "./system-calls.ts";

/** How to send to a far address. With an objection the program must not: the hop leads nowhere then. */
export interface Way {
  readonly hop: Hop;
  readonly objection: string | undefined;
}

/** What was asked so short a time ago is not asked again: offers and answers of many calls come together. */
const freshNs = 50_000_000n;
const nobody = Buffer.alloc(addressBytes);

/** What the host's routes and IPsec policies say of far addresses. Good until `refresh`. */
export class HostRouting {
  readonly table: RouteTable;
  readonly #ipsec: IpsecPolicies;
  #policies: IpsecPolicySet;
  /** By place and by the far address's buffer, which is mostly the same one: no text is made for each question. */
  readonly #waysOfBuffers = new Map<KernelPlace, Map<Buffer, Way>>();
  /** By media address and far address. */
  #ways = new Map<string, Way>();
  /** As they were before the kernel was asked anew. */
  #waysBefore = new Map<string, Way>();
  readonly #calls: SystemCalls;
  #readAtNs: bigint;

  constructor(calls: SystemCalls) {
    this.#calls = calls;
    this.table = new RouteTable(calls);
    this.#ipsec = new IpsecPolicies(calls);
    this.#policies = this.#ipsec.read();
    this.#readAtNs = calls.monotonicNs();
  }

  /** Asks the kernel anew from here on, unless it has been asked just now. */
  refresh(): void {
    const nowNs = this.#calls.monotonicNs();
    if (nowNs - this.#readAtNs < freshNs) return;
    this.#readAtNs = nowNs;
    this.#policies = this.#ipsec.read();
    this.#waysBefore = this.#ways;
    this.#ways = new Map();
    this.#waysOfBuffers.clear();
  }

  /**
   * Whether the program may find neighbours in the routes by itself, for addresses that it latches to. Not where a
   * policy could cover one, and not where a rule by source address, which it does not see, chooses the routes.
   */
  mayProgramRoute(place: KernelPlace): boolean {
    return this.#policies.isEmpty && !place.isMapped;
  }

  /** The same object for the same addresses, as long as the kernel says the same. */
  wayTo(address: Buffer, place: KernelPlace): Way {
    let ways = this.#waysOfBuffers.get(place);
    if (ways === undefined) {
      ways = new Map();
      this.#waysOfBuffers.set(place, ways);
    }
    let way = ways.get(address);
    if (way === undefined) {
      way = this.#wayOfText(address, place);
      ways.set(address, way);
    }
    return way;
  }

  #wayOfText(address: Buffer, place: KernelPlace): Way {
    const key = `${place.mediaInterface.name} ${address.toString("latin1")}`;
    let way = this.#ways.get(key);
    if (way === undefined) {
      way = this.#findWay(address, place);
      const before = this.#waysBefore.get(key);
      if (before !== undefined && sameWay(before, way)) way = before;
      this.#ways.set(key, way);
    }
    return way;
  }

  #findWay(address: Buffer, place: KernelPlace): Way {
    const nowhere = { address, next: nobody, ifindex: 0 };
    const refused = (objection: string): Way => ({ hop: nowhere, objection });
    if (
      this.#policies.covers(place.wireAddress, address) ||
      this.#policies.covers(place.localAddress, address)
    ) {
      return refused(`an IPsec policy without an interface covers ${addressText(address)}`);
    }
    const route = this.table.routeTo(address, place.localAddress);
    if (route.kind === "local") return refused(`${addressText(address)} is on this host`);
    // Nothing is sent there until there is a route.
    if (route.kind === "none") return { hop: nowhere, objection: undefined };
    if (route.ifindex !== place.ifindex) {
      return refused(`packets to ${addressText(address)} do not leave by ${place.device}`);
    }
    return { hop: { address, next: route.next, ifindex: route.ifindex }, objection: undefined };
  }

  close(): void {
    this.table.close();
    this.#ipsec.close();
  }
}

/** @returns whether both lead the same way; one undefined is another way than one that is there */
export function sameHop(a: Hop | undefined, b: Hop | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return a === b;
  return a.ifindex === b.ifindex && a.address.equals(b.address) && a.next.equals(b.next);
}

function sameWay(a: Way, b: Way): boolean {
  return a.objection === b.objection && sameHop(a.hop, b.hop);
}
