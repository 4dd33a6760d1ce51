import { isIP } from "node:net";
import type { BpfMap } from "./bpf-map.ts";
import { writeNetwork } from "./layout/index.ts";
import { addressBytes, isMappedIpv4, mappedAddress } from "./mapped-address.ts";

interface Network {
  readonly address: Buffer;
  /** Bits of the mapped form. */
  readonly prefix: number;
}

/**
 * Lists of trusted networks in the program's map, each under a number. Lists with the same networks share one; after a
 * restart the numbers of the map go on.
 */
export class TrustedLists {
  readonly #map: BpfMap;
  readonly #byContents = new Map<string, number>();
  #last = 0;

  constructor(map: BpfMap) {
    this.#map = map;
    const contents = new Map<number, string[]>();
    for (const { key } of map.entries()) {
      const list = key.readUInt32LE(4);
      const network = { prefix: key.readUInt32LE(0) - 32, address: Buffer.from(key.subarray(8)) };
      contents.set(list, [...(contents.get(list) ?? []), textOf(network)]);
      this.#last = Math.max(this.#last, list);
    }
    for (const [list, texts] of contents) this.#byContents.set(texts.toSorted().join(" "), list);
  }

  /** The number of a list; 0: it trusts nobody, or the map is full. Malformed entries match nothing. */
  numberOf(networks: readonly string[]): number {
    const parsed = new Map(
      networks.flatMap((text) => networkIn(text) ?? []).map((one) => [textOf(one), one]),
    );
    if (parsed.size === 0) return 0;
    const contents = [...parsed.keys()].toSorted().join(" ");
    const known = this.#byContents.get(contents);
    if (known !== undefined) return known;
    const list = this.#last + 1;
    for (const { address, prefix } of parsed.values()) {
      writeNetwork(this.#map.key, list, address, prefix);
      this.#map.value.writeUInt32LE(1);
      if (this.#map.put()) continue;
      this.#remove((one) => one === list);
      return 0;
    }
    this.#last = list;
    this.#byContents.set(contents, list);
    return list;
  }

  /** Removes lists that nobody uses. */
  keepOnly(used: ReadonlySet<number>): void {
    for (const [contents, list] of this.#byContents) if (!used.has(list)) this.#byContents.delete(contents);
    this.#remove((list) => !used.has(list));
  }

  #remove(isUnwanted: (list: number) => boolean): void {
    const unwanted: Buffer[] = [];
    for (const { key } of this.#map.entries())
      if (isUnwanted(key.readUInt32LE(4))) unwanted.push(Buffer.from(key));
    for (const key of unwanted) {
      key.copy(this.#map.key);
      this.#map.delete();
    }
  }
}

/** As trusted-networks.ts reads them. */
function networkIn(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const address = mappedAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined || isIP(slash === -1 ? text : text.slice(0, slash)) === 0) return undefined;
  const width = isMappedIpv4(address) && !text.includes(":") ? 32 : 128;
  const bits = slash === -1 ? width : Number(text.slice(slash + 1));
  if (slash === text.length - 1 || !Number.isInteger(bits) || bits < 0 || bits > width) return undefined;
  const prefix = bits + (addressBytes * 8 - width);
  return { address: masked(address, prefix), prefix };
}

function masked(address: Buffer, prefix: number): Buffer {
  const network = Buffer.from(address);
  for (let bit = prefix; bit < addressBytes * 8; bit += 1) {
    network[bit >> 3] = (network[bit >> 3] as number) & ~(0x80 >> (bit & 7));
  }
  return network;
}

function textOf({ address, prefix }: Network): string {
  return `${address.toString("hex")}/${prefix}`;
}
