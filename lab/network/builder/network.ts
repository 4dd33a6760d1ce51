import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { faultsOf, type HostDescription, type NetworkDescription } from "./description.ts";
import { Host } from "./host.ts";
import { removeLeftovers, removeNetwork } from "./leftovers.ts";
import { type AttachedEnd, attach, type Link } from "./link.ts";
import { directoryOf, runNameOf, signDirectory } from "./owner.ts";
import { runCommand } from "./run-command.ts";

let built = 0;

/** A network of namespaces that stands until it is closed, or until this process ends. */
export class Network {
  /** Begins the name of each of its namespaces. */
  readonly run: string;
  readonly directory: string;
  readonly #hosts = new Map<string, Host>();
  readonly #links = new Map<string, Link>();

  private constructor(run: string) {
    this.run = run;
    this.directory = directoryOf(run);
  }

  /** Removes what dead processes left, then builds. Throws an Error that says what `ip` refused. */
  static build(description: NetworkDescription): Network {
    const faults = faultsOf(description);
    if (faults.length > 0) throw new Error(`this network can't be built: ${faults.join("; ")}`);
    removeLeftovers();
    built += 1;
    const network = new Network(runNameOf(process.pid, built));
    process.once("exit", network.#remove);
    try {
      network.#build(description);
    } catch (error) {
      network.#remove();
      throw error;
    }
    return network;
  }

  get hosts(): readonly Host[] {
    return [...this.#hosts.values()];
  }

  get links(): readonly Link[] {
    return [...this.#links.values()];
  }

  host(name: string): Host {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`no host is called ${name}`);
    return host;
  }

  link(name: string): Link {
    const link = this.#links.get(name);
    if (link === undefined) throw new Error(`no link is called ${name}`);
    return link;
  }

  /** Ends every program in it, then takes it away. */
  async close(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.stop()));
    this.#remove();
  }

  #build({ hosts, links }: NetworkDescription): void {
    // The daemons of FRR run as a user of their own and read their configuration here.
    mkdirSync(this.directory, { mode: 0o755 });
    signDirectory(this.directory);
    for (const { name } of hosts) {
      const namespace = `${this.run}-${name}`;
      runCommand("ip", ["netns", "add", namespace]);
      this.#hosts.set(name, new Host(name, namespace, join(this.directory, name)));
    }
    for (const [index, link] of links.entries()) {
      this.#links.set(
        link.name,
        attach(link, index + 1, (name) => this.host(name)),
      );
    }
    runCommand("ip", ["-batch", "-"], this.links.map(cableCommand).join("\n"));
    for (const host of hosts) this.#configure(host);
  }

  #configure(description: HostDescription): void {
    const { name, bridges = [], addresses = [], routes = [], isRouter } = description;
    const host = this.host(name);
    // No neighbour discovery and no second address family: captures hold what the scenario sends.
    const settings = ["net.ipv6.conf.all.disable_ipv6=1", `net.ipv4.ip_forward=${isRouter === true ? 1 : 0}`];
    host.run("sysctl", ["-qw", ...settings]);
    const commands = ["link set lo up"];
    for (const bridge of bridges)
      commands.push(`link add ${bridge} type bridge`, `link set dev ${bridge} up`);
    for (const address of addresses) commands.push(`address add ${address} dev lo`);
    for (const end of this.links.flatMap(({ near, far }) => [near, far])) {
      if (end.host === name) commands.push(...endCommands(end));
    }
    for (const { to, via, device } of routes) {
      commands.push(`route add ${to} ${via === undefined ? "" : `via ${via} `}dev ${device}`);
    }
    runCommand("ip", ["-n", host.namespace, "-batch", "-"], commands.join("\n"));
  }

  readonly #remove = (): void => {
    process.off("exit", this.#remove);
    removeNetwork(this.run);
  };
}

function cableCommand({ near, far }: Link): string {
  const end = ({ device, macAddress, at }: AttachedEnd): string =>
    `name ${device} address ${macAddress} netns ${at.namespace}`;
  return `link add ${end(near)} type veth peer ${end(far)}`;
}

function endCommands({ device, bridge, addresses = [] }: AttachedEnd): string[] {
  return [
    ...(bridge === undefined ? [] : [`link set dev ${device} master ${bridge}`]),
    ...addresses.map((address) => `address add ${address} dev ${device}`),
    `link set dev ${device} up`,
  ];
}
