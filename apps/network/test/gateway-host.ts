/**
 * The network of the tests, each box a namespace:
 *
 *   far ── router-a ══ line-a ══╗
 *              router-b ══ line-b ══ gateway ══ line-c ══ other
 *                                       ╚══ inet0 ══ internet
 *
 * Lines a and b lead to the same network of the same customer, 192.0.2.0/24, line c to 198.51.100.0/24 of another.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkConfiguration, Snapshot, SnapshotConnection } from "@tandem/contracts";
import { snapshotFormatVersion } from "@tandem/contracts";
import { Namespaces } from "./namespaces.ts";

export const signaling = "203.0.113.10";
export const media = "203.0.113.20";
export const customer = "192.0.2.10";
export const local = { a: "100.127.0.1", b: "100.127.0.2", c: "100.127.0.3" } as const;

export function connection(
  name: "a" | "b" | "c",
  overrides: Partial<SnapshotConnection> = {},
): SnapshotConnection {
  const index = { a: 1, b: 2, c: 3 }[name];
  return {
    sid: `TX${String(index).repeat(32)}`,
    accountSid: `AC${"0".repeat(32)}`,
    sharedAccountSids: [],
    friendlyName: `line ${name}`,
    type: "crossconnect",
    edge: "ashburn-ix",
    status: "active",
    fallback: "none",
    routes: [name === "c" ? "198.51.100.0/24" : "192.0.2.0/24"],
    device: `line-${name}`,
    nextHop: `169.254.${index}.2`,
    localAddress: local[name],
    routingTable: 1000 + index,
    ...overrides,
  };
}

export function snapshot(version: number, connections: readonly SnapshotConnection[]): Snapshot {
  return {
    formatVersion: snapshotFormatVersion,
    version,
    baseDomain: "tandem.test",
    realm: "tandem.test",
    edges: [{ name: "ashburn-ix", legacyId: "us1-ix", region: "us1", kind: "private" }],
    accounts: [],
    trunks: [],
    ipAccessControlLists: [],
    credentialLists: [],
    numbers: [],
    carriers: [],
    nonceKeys: [{ id: 1, secret: "00".repeat(32) }],
    regions: [],
    gateways: [],
    connections: [...connections],
    backboneKeys: [],
  };
}

export class GatewayHost {
  readonly namespaces = new Namespaces();
  readonly folder = mkdtempSync(join(tmpdir(), "tandem-network-"));
  readonly configurationFile = join(this.folder, "gateway.yaml");
  readonly stateDirectory = join(this.folder, "state");

  constructor(options: { readonly mediaAddress?: string; readonly network?: NetworkConfiguration } = {}) {
    mkdirSync(this.stateDirectory, { mode: 0o700 });
    writeFileSync(this.configurationFile, JSON.stringify(this.#configuration(options)));
  }

  #configuration(options: {
    readonly mediaAddress?: string;
    readonly network?: NetworkConfiguration;
  }): object {
    return {
      name: "ashburn-ix-1",
      edge: "ashburn-ix",
      region: "us1",
      stateDirectory: this.stateDirectory,
      control: { url: "http://127.0.0.1:1", token: "unused" },
      interfaces: [
        {
          name: "customers",
          roles: ["private"],
          localAddress: signaling,
          advertisedMediaAddress: options.mediaAddress ?? signaling,
          udpPort: 5060,
          tcpPort: 5060,
          tlsPort: 5061,
        },
        { name: "internet", roles: ["public"], localAddress: "10.99.0.1", udpPort: 5060 },
      ],
      mediaPorts: { first: 10000, last: 10999 },
      lineAttribution: "kernel",
      ...(options.network === undefined ? {} : { network: options.network }),
    };
  }

  /** Namespaces, wires, addresses and routes; nothing of the agent's. */
  build(): void {
    const { namespaces } = this;
    for (const name of ["gateway", "router-a", "far", "router-b", "other", "internet"]) namespaces.add(name);
    for (const [index, name, box] of [
      [1, "a", "router-a"],
      [2, "b", "router-b"],
      [3, "c", "other"],
    ] as const) {
      namespaces.wire(
        { in: "gateway", device: `line-${name}`, address: `169.254.${index}.1/30` },
        { in: box, device: "uplink", address: `169.254.${index}.2/30` },
      );
      this.#leadToGateway(box, `169.254.${index}.1`);
    }
    namespaces.wire(
      { in: "gateway", device: "inet0", address: "10.99.0.1/24" },
      { in: "internet", device: "uplink", address: "10.99.0.2/24" },
    );
    this.#leadToGateway("internet", "10.99.0.1");
    namespaces.ip("gateway", "route add default via 10.99.0.2");
    this.#buildFarSite();
    namespaces.ip("router-b", `address add ${customer}/32 dev lo`);
    namespaces.ip("other", "address add 198.51.100.10/32 dev lo");
    for (const box of ["far", "router-b", "other", "internet"]) this.#countSources(box);
  }

  /** Behind router a, over a wire that takes smaller packets. */
  #buildFarSite(): void {
    const { namespaces } = this;
    namespaces.wire(
      { in: "router-a", device: "site", address: "192.0.2.1/24" },
      { in: "far", device: "uplink", address: `${customer}/24` },
    );
    namespaces.ip("router-a", "link set site mtu 1300");
    namespaces.ip("far", "link set uplink mtu 1300");
    namespaces.sysctl("router-a", "ipv4/ip_forward", "1");
    namespaces.ip("far", "route add default via 192.0.2.1");
  }

  #leadToGateway(box: string, next: string): void {
    for (const network of ["203.0.113.0/24", "100.127.0.0/16"])
      this.namespaces.ip(box, `route add ${network} via ${next}`);
  }

  /** Counts, where no program of ours is asked, what comes from the edge and from local addresses. */
  #countSources(box: string): void {
    const rules = `table inet probe {
      counter edge { }
      counter internal { }
      chain arriving { type filter hook prerouting priority -400; policy accept;
        ip saddr { ${signaling}, ${media} } counter name edge
        ip saddr 100.127.0.0/16 counter name internal
      }
    }`;
    this.namespaces.run(box, ["nft", "-f", "-"], rules);
  }

  /** Packets that came to a box: from the edge, and from an address that nobody outside may see. */
  arrivals(box: string): { readonly edge: number; readonly internal: number } {
    return {
      edge: this.#counter(box, "inet probe", "edge"),
      internal: this.#counter(box, "inet probe", "internal"),
    };
  }

  /** Packets dropped for this reason. */
  dropped(reason: string): number {
    return this.#counter("gateway", "inet tandem", reason);
  }

  #counter(box: string, table: string, name: string): number {
    const listed = this.namespaces.run(box, ["nft", "list", "counter", ...table.split(" "), name]);
    return Number(/packets (\d+)/.exec(listed)?.[1] ?? Number.NaN);
  }

  /** As the gateway does it: a new file, renamed. */
  give(content: Snapshot): void {
    const file = join(this.stateDirectory, "snapshot.json");
    writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  agentArgv(verb: string): readonly string[] {
    const main = join(import.meta.dirname, "..", "src", "main.ts");
    return [
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      main,
      "--config",
      this.configurationFile,
      verb,
    ];
  }

  /** Runs a verb that ends. */
  agent(verb: "apply" | "clear" | "plan"): string {
    return this.namespaces.run("gateway", this.agentArgv(verb));
  }

  async remove(): Promise<void> {
    await this.namespaces.remove();
    rmSync(this.folder, { recursive: true });
  }
}
