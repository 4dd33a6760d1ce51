/** What the kernel's routing says: devices, whose address is where, and the way to an address. rtnetlink(7). */
import { addressBytes, isMappedIpv4 } from "./mapped-address.ts";
import { attribute, attributesIn, Netlink } from "./netlink.ts";
import type { SystemCalls } from "./system-calls.ts";

const routeProtocol = 0;
const requests = { links: 18, addresses: 22, route: 26 } as const;
const linkAttributes = { name: 3 } as const;
const addressAttributes = { address: 1, local: 2 } as const;
const routeAttributes = { destination: 1, source: 2, device: 4, gateway: 5, via: 18 } as const;
const routeTypes = { unicast: 1, local: 2 } as const;
const families = { ipv4: 2, ipv6: 10 } as const;
/** ARPHRD_… of devices whose packets have no header before IP's. */
const linkTypes = {
  ethernet: 1,
  loopback: 772,
  none: 65534,
  tunnel: 768,
  tunnel6: 769,
  sit: 776,
  gre: 778,
  gre6: 823,
} as const;
const headerless: readonly number[] = [
  linkTypes.none,
  linkTypes.tunnel,
  linkTypes.tunnel6,
  linkTypes.sit,
  linkTypes.gre,
  linkTypes.gre6,
];

export interface Device {
  readonly ifindex: number;
  readonly name: string;
  /** Bytes before the IP header; undefined: a kind of device that the engine does not know. */
  readonly linkHeaderBytes: number | undefined;
  readonly isLoopback: boolean;
}

/** The way to an address. `local`: it is this host's; `none`: there is no route. */
export type Route =
  | { readonly kind: "unicast"; readonly ifindex: number; readonly next: Buffer }
  | { readonly kind: "local" }
  | { readonly kind: "none" };

export class RouteTable {
  readonly #netlink: Netlink;

  /** @throws when the kernel has no rtnetlink */
  constructor(calls: SystemCalls) {
    this.#netlink = Netlink.open(calls, routeProtocol);
  }

  devices(): readonly Device[] {
    const answer = this.#netlink.dump(requests.links, Buffer.alloc(16));
    if (!answer.ok) return [];
    return answer.messages.map(({ payload }) => {
      const type = payload.readUInt16LE(2);
      const name = attributesIn(payload, 16).get(linkAttributes.name);
      return {
        ifindex: payload.readInt32LE(4),
        name: name === undefined ? "" : name.toString("latin1", 0, name.length - 1),
        linkHeaderBytes: linkHeaderOf(type),
        isLoopback: type === linkTypes.loopback,
      };
    });
  }

  /** The device that has an address; undefined: it is not of this machine. */
  deviceWith(address: Buffer): number | undefined {
    const answer = this.#netlink.dump(requests.addresses, Buffer.alloc(8));
    if (!answer.ok) return undefined;
    const bytes = wireForm(address);
    for (const { payload } of answer.messages) {
      const attributes = attributesIn(payload, 8);
      const own = attributes.get(addressAttributes.local) ?? attributes.get(addressAttributes.address);
      if (own?.equals(bytes) === true) return payload.readUInt32LE(4);
    }
    return undefined;
  }

  /** As packets from `source`, an address of this machine, would go. */
  routeTo(address: Buffer, source: Buffer): Route {
    const head = Buffer.alloc(12);
    const bytes = wireForm(address);
    head[0] = isMappedIpv4(address) ? families.ipv4 : families.ipv6;
    head[1] = bytes.length * 8;
    head[2] = bytes.length * 8;
    const payload = Buffer.concat([
      head,
      attribute(routeAttributes.destination, bytes),
      attribute(routeAttributes.source, wireForm(source)),
    ]);
    const answer = this.#netlink.ask(requests.route, payload);
    const message = answer.ok ? answer.messages[0] : undefined;
    return message === undefined ? { kind: "none" } : routeIn(message.payload, address);
  }

  close(): void {
    this.#netlink.close();
  }
}

function routeIn(payload: Buffer, destination: Buffer): Route {
  const type = payload[7];
  if (type === routeTypes.local) return { kind: "local" };
  const attributes = attributesIn(payload, 12);
  const device = attributes.get(routeAttributes.device);
  if (type !== routeTypes.unicast || device === undefined) return { kind: "none" };
  const gateway = attributes.get(routeAttributes.gateway) ?? attributes.get(routeAttributes.via)?.subarray(2);
  return {
    kind: "unicast",
    ifindex: device.readUInt32LE(0),
    next: gateway === undefined ? destination : mappedForm(gateway),
  };
}

function linkHeaderOf(type: number): number | undefined {
  if (type === linkTypes.ethernet) return 14;
  return headerless.includes(type) ? 0 : undefined;
}

/** 4 or 16 bytes. */
export function wireForm(mapped: Buffer): Buffer {
  return isMappedIpv4(mapped) ? mapped.subarray(12) : mapped;
}

function mappedForm(wire: Buffer): Buffer {
  if (wire.length === addressBytes) return Buffer.from(wire);
  const mapped = Buffer.alloc(addressBytes);
  mapped.writeUInt16BE(0xffff, 10);
  wire.copy(mapped, 12);
  return mapped;
}
