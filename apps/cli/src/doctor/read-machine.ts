/** Asks the machine what `machine.ts` judges. What cannot be read is unknown, never an error. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { dirname } from "node:path";
import type { Machine } from "./machine.ts";

export function readMachine(dataDirectory: string, wallMs: number): Machine {
  const unprivilegedPortStart = numberIn("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  return {
    nodeMajor: Number(process.versions.node.split(".")[0]),
    openFiles: readOpenFiles(),
    isRoot: process.getuid?.() === 0,
    unprivilegedPortStart,
    largestReceiveBufferBytes: numberIn("/proc/sys/net/core/rmem_max"),
    ephemeralPorts: readEphemeralPorts(),
    reservedPorts: textOf("/proc/sys/net/ipv4/ip_local_reserved_ports") ?? "",
    isForwarding: readForwarding(),
    isClockSynchronized: readClockState(),
    wallMs,
    freeMemoryBytes: readAvailableMemory() ?? freemem(),
    freeDiskBytes: readFreeDisk(dataDirectory),
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

function numberIn(path: string): number | undefined {
  const text = textOf(path);
  return text === undefined || text === "" ? undefined : Number(text);
}

function readOpenFiles(): Machine["openFiles"] {
  const row = /^Max open files\s+(\S+)\s+(\S+)/m.exec(textOf("/proc/self/limits") ?? "");
  if (row === null) return undefined;
  const [soft = 0, hard = 0] = row.slice(1).map((text) => (text === "unlimited" ? Infinity : Number(text)));
  return { soft, hard };
}

function readEphemeralPorts(): Machine["ephemeralPorts"] {
  const [first, last] = (textOf("/proc/sys/net/ipv4/ip_local_port_range") ?? "").split(/\s+/).map(Number);
  return first === undefined || last === undefined ? undefined : { first, last };
}

function readForwarding(): boolean | undefined {
  const value = numberIn("/proc/sys/net/ipv4/ip_forward");
  return value === undefined ? undefined : value !== 0;
}

function readClockState(): boolean | undefined {
  const result = spawnSync("timedatectl", ["show", "--property=NTPSynchronized", "--value"], {
    encoding: "utf8",
    timeout: 3000,
  });
  const answer = result.status === 0 ? result.stdout.trim() : "";
  if (answer === "yes") return true;
  if (answer === "no") return false;
  return existsSync("/run/systemd/timesync/synchronized") ? true : undefined;
}

/** `MemAvailable` counts what caches would give back; `freemem()` does so only on newer systems. */
function readAvailableMemory(): number | undefined {
  const row = /^MemAvailable:\s+(\d+) kB/m.exec(textOf("/proc/meminfo") ?? "");
  return row?.[1] === undefined ? undefined : Number(row[1]) * 1024;
}

/** Of the directory or, before it is made, of the nearest one above it. */
function readFreeDisk(directory: string): number | undefined {
  for (let path = directory; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = statfsSync(path);
      return bavail * bsize;
    } catch {
      if (path === dirname(path)) return undefined;
    }
  }
}
