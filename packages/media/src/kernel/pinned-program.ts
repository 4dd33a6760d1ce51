import { existsSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "@tandem/directories";
import { hostCommand } from "./host-command.ts";
import { linkToIngress } from "./ingress-link.ts";
import { layoutVersion } from "./layout/index.ts";
import { programHash, programObject } from "./program-object.ts";
import type { SystemCalls } from "./system-calls.ts";

/** Of statfs(2). */
const bpfFileSystemType = 0xcafe4a11;
const mapNames = [
  "flows",
  "ports",
  "partitions",
  "networks",
  "counts",
  "lease",
  "control",
  "control_copies",
  "changes",
] as const;
const programNames = ["tandem_relay", "tandem_change"] as const;
/** Of our filter on every device; a gateway's own, so that two on one device do not replace each other's. */
const preferences = { first: 20_000, count: 20_000 } as const;

export interface ProgramPlace {
  /** A bpf file system, or where one can be mounted. */
  readonly bpfDirectory: string;
  /** Of the gateway: each has maps of its own. */
  readonly name: string;
  readonly cacheDirectory: string;
}

/**
 * The programs and their maps, pinned, so that they go on without this process.
 *
 *   BPF-DIRECTORY/NAME/layout-4/{flows,counts,…}      the maps; another layout has another directory
 *   BPF-DIRECTORY/NAME/layout-4/programs-HASH/…       the programs; another source has another directory
 *   BPF-DIRECTORY/NAME/layout-4/programs-HASH/on-7    puts the program on device 7; a filter of tc does so before Linux 6.6
 */
export class PinnedProgram {
  readonly #calls: SystemCalls;
  readonly #place: ProgramPlace;
  /** Of all layouts of this gateway. */
  readonly #own: string;
  readonly #directory: string;
  readonly #programs: string;
  readonly #preference: string;

  constructor(calls: SystemCalls, place: ProgramPlace) {
    this.#calls = calls;
    this.#place = place;
    this.#own = join(place.bpfDirectory, pinName(place.name));
    this.#directory = join(this.#own, `layout-${layoutVersion}`);
    this.#programs = join(this.#directory, `programs-${programHash()}`);
    this.#preference = String(preferenceOf(place.name));
  }

  /** Loads what is not loaded yet. Maps that are there keep their contents. @throws Error that says what is missing */
  load(): void {
    mountBpf(this.#place.bpfDirectory);
    makeDirectory(this.#directory);
    if (programNames.every((name) => existsSync(this.programPath(name)))) return;
    const object = programObject(this.#place.cacheDirectory);
    const maps = existsSync(this.mapPath("flows"))
      ? mapNames.flatMap((name) => ["map", "name", name, "pinned", this.mapPath(name)])
      : ["pinmaps", this.#directory];
    hostCommand("bpftool", ["prog", "loadall", object, this.#programs, "type", "classifier", ...maps]);
  }

  programPath(name: (typeof programNames)[number]): string {
    return join(this.#programs, name);
  }

  mapPath(name: (typeof mapNames)[number]): string {
    return join(this.#directory, name);
  }

  /** Puts the program on ingress of a device, in place of an older one of this gateway. @throws Error */
  attach(device: string, ifindex: number): void {
    const program = this.programPath("tandem_relay");
    if (linkToIngress(this.#calls, program, ifindex, this.#linkPath(ifindex))) this.#removeFilter(device);
    else this.#addFilter(device, program);
  }

  /** Takes it off. A device that is gone, or has no program, is well. */
  detach(device: string, ifindex: number): void {
    const link = this.#linkPath(ifindex);
    if (existsSync(link)) rmSync(link);
    else this.#removeFilter(device);
  }

  #linkPath(ifindex: number): string {
    return join(this.#programs, `on-${ifindex}`);
  }

  #addFilter(device: string, program: string): void {
    // Other programs of this kind of queue stay as they are.
    if (!hostCommand("tc", ["qdisc", "show", "dev", device]).includes("qdisc clsact")) {
      hostCommand("tc", ["qdisc", "add", "dev", device, "clsact"]);
    }
    const filter = `filter replace dev ${device} ingress protocol all pref ${this.#preference} handle 1 bpf direct-action`;
    hostCommand("tc", [...filter.split(" "), "object-pinned", program]);
  }

  #removeFilter(device: string): void {
    try {
      hostCommand("tc", ["filter", "delete", "dev", device, "ingress", "pref", this.#preference]);
    } catch {
      // There is none.
    }
  }

  /** Pins of other sources and layouts: to be called when this one is on all devices. */
  removeOthers(): void {
    for (const layout of readdirSync(this.#own)) {
      const directory = join(this.#own, layout);
      if (directory !== this.#directory) rmSync(directory, { recursive: true, force: true });
    }
    for (const pin of readdirSync(this.#directory)) {
      const path = join(this.#directory, pin);
      if (pin.startsWith("programs-") && path !== this.#programs)
        rmSync(path, { recursive: true, force: true });
    }
  }

  /** Takes all pins of this gateway away. */
  remove(): void {
    rmSync(this.#own, { recursive: true, force: true });
  }
}

/** A bpf file system takes no dots in names. */
function pinName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9-]/g, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
}

function preferenceOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % preferences.count;
  return preferences.first + hash;
}

function mountBpf(directory: string): void {
  makeDirectory(directory);
  if (statfsSync(directory).type === bpfFileSystemType) return;
  hostCommand("mount", ["-t", "bpf", "-o", "mode=0700", "bpf", directory]);
}
