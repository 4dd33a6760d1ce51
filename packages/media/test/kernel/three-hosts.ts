/** A customer, a gateway and a carrier in network namespaces of their own, linked by veth pairs. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Addresses are the same in every network: namespaces keep them apart. */
export const addresses = {
  customer: "10.61.0.2",
  /** A third party on the customer's link. */
  stranger: "10.61.0.3",
  gatewayToCustomer: "10.61.0.1",
  gatewayToCarrier: "10.62.0.1",
  carrier: "10.62.0.2",
  /** Of the gateway, on loopback. */
  loopback: "127.0.176.1",
} as const;

export const addresses6 = {
  customer: "fd61::2",
  stranger: "fd61::3",
  gatewayToCustomer: "fd61::1",
  gatewayToCarrier: "fd62::1",
  carrier: "fd62::2",
} as const;

export const devices = { toCustomer: "wan0", toCarrier: "wan1", uplink: "uplink" } as const;

let built = 0;

export class ThreeHosts {
  /** The lab's networks clean up after names of this form when their process is gone. */
  readonly run: string = `tandem-${process.pid}-${9000 + (built += 1)}`;
  readonly directory: string = mkdtempSync(join(tmpdir(), `${this.run}-kernel-`));

  get customer(): string {
    return `${this.run}-customer`;
  }

  get gateway(): string {
    return `${this.run}-gateway`;
  }

  get carrier(): string {
    return `${this.run}-carrier`;
  }

  get bpfDirectory(): string {
    return join(this.directory, "bpf");
  }

  constructor() {
    for (const name of this.#namespaces()) run("ip", ["netns", "add", name]);
    try {
      this.#link(
        this.customer,
        devices.toCustomer,
        [addresses.customer, addresses.stranger],
        addresses.gatewayToCustomer,
      );
      this.#link(this.carrier, devices.toCarrier, [addresses.carrier], addresses.gatewayToCarrier);
      this.#link6(
        this.customer,
        devices.toCustomer,
        [addresses6.customer, addresses6.stranger],
        addresses6.gatewayToCustomer,
      );
      this.#link6(this.carrier, devices.toCarrier, [addresses6.carrier], addresses6.gatewayToCarrier);
      mkdirSync(this.bpfDirectory);
      run("mount", ["-t", "bpf", "bpf", this.bpfDirectory]);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** One `ip` command in a namespace. */
  ip(namespace: string, ...args: readonly string[]): string {
    return run("ip", ["-n", namespace, ...args]);
  }

  macOf(namespace: string, device: string): Buffer {
    const text = this.ip(namespace, "-o", "link", "show", "dev", device);
    return Buffer.from((/link\/ether ([0-9a-f:]+)/.exec(text)?.[1] ?? "").replaceAll(":", ""), "hex");
  }

  /** What gateways have pinned. */
  pins(): string[] {
    return readdirSync(this.bpfDirectory).filter((name) => !name.endsWith(".debug"));
  }

  /** One command in a namespace. */
  execute(namespace: string, command: string, ...args: readonly string[]): string {
    return run("ip", ["netns", "exec", namespace, command, ...args]);
  }

  close(): void {
    for (const name of this.#namespaces()) attempt(() => run("ip", ["netns", "delete", name]));
    attempt(() => run("umount", [this.bpfDirectory]));
    rmSync(this.directory, { recursive: true, force: true });
  }

  #namespaces(): string[] {
    return [this.customer, this.gateway, this.carrier];
  }

  #link(host: string, device: string, far: readonly string[], near: string): void {
    const { uplink } = devices;
    run("ip", [
      "link",
      "add",
      device,
      "netns",
      this.gateway,
      "type",
      "veth",
      "peer",
      "name",
      uplink,
      "netns",
      host,
    ]);
    for (const address of far) this.ip(host, "address", "add", `${address}/24`, "dev", uplink);
    this.ip(this.gateway, "address", "add", `${near}/24`, "dev", device);
    for (const [namespace, name] of [
      [host, uplink],
      [host, "lo"],
      [this.gateway, device],
      [this.gateway, "lo"],
    ] as const) {
      this.ip(namespace, "link", "set", name, "up");
    }
    // Nothing on this machine may help by routing between the links.
    run("ip", ["netns", "exec", this.gateway, "sysctl", "-qw", "net.ipv4.ip_forward=0"]);
  }

  #link6(host: string, device: string, far: readonly string[], near: string): void {
    for (const address of far)
      this.ip(host, "address", "add", `${address}/64`, "dev", devices.uplink, "nodad");
    this.ip(this.gateway, "address", "add", `${near}/64`, "dev", device, "nodad");
  }
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function attempt(action: () => unknown): void {
  try {
    action();
  } catch {
    // Gone already.
  }
}
