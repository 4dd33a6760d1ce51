import type { SnapshotGatewayInterface, SnapshotSettings } from "@tandem/contracts";

/** Another gateway of the installation, by its interface of role backbone. */
export interface Sister {
  readonly gateway: string;
  /** Name, never a legacy id. */
  readonly edge: string;
  readonly backbone: SnapshotGatewayInterface;
}

/** The other gateways that a snapshot names, by where they are and what they are called. */
export class SisterDirectory {
  static readonly none: SisterDirectory = new SisterDirectory([]);
  /** One entry a gateway: its first interface of role backbone is the one that we send to. */
  readonly all: readonly Sister[];
  readonly #byAddress = new Map<string, Sister[]>();
  readonly #byEdge = new Map<string, Sister[]>();

  private constructor(sisters: readonly Sister[]) {
    const byName = new Map<string, Sister>();
    for (const sister of sisters) {
      push(this.#byAddress, plainAddress(sister.backbone.address), sister);
      if (byName.has(sister.gateway)) continue;
      byName.set(sister.gateway, sister);
      push(this.#byEdge, sister.edge, sister);
    }
    this.all = [...byName.values()];
  }

  /** @param ownName the gateway that asks: it is no sister of its own */
  static from(snapshot: SnapshotSettings, ownName: string): SisterDirectory {
    const sisters: Sister[] = [];
    for (const { name, edge, interfaces } of snapshot.gateways) {
      const known = snapshot.edges.find((one) => one.name === edge || one.legacyId === edge);
      for (const backbone of interfaces) {
        if (name === ownName || !backbone.roles.includes("backbone")) continue;
        sisters.push({ gateway: name, edge: known?.name ?? edge, backbone });
      }
    }
    return new SisterDirectory(sisters);
  }

  /** Gateways that send from that address. */
  at(address: string): readonly Sister[] {
    return this.#byAddress.get(plainAddress(address)) ?? [];
  }

  /** Gateways of an edge. */
  of(edge: string): readonly Sister[] {
    return this.#byEdge.get(edge) ?? [];
  }
}

/** Without brackets, and an IPv4-mapped address as IPv4. */
function plainAddress(address: string): string {
  return address
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/^::ffff:(?=\d+\.)/, "");
}

function push(map: Map<string, Sister[]>, key: string, sister: Sister): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [sister]);
  else known.push(sister);
}
