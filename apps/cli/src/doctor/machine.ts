/** Judges what is known about the machine. Pure: `read-machine.ts` asks the machine. */
import type { Finding } from "./finding.ts";

export interface Machine {
  readonly nodeMajor: number;
  /** Soft and hard limit of open files; undefined where the system does not say. */
  readonly openFiles: { readonly soft: number; readonly hard: number } | undefined;
  readonly isRoot: boolean;
  /** Lowest port that an ordinary user may bind. */
  readonly unprivilegedPortStart: number | undefined;
  readonly largestReceiveBufferBytes: number | undefined;
  /** Ports that the kernel gives to outgoing connections. */
  readonly ephemeralPorts: { readonly first: number; readonly last: number } | undefined;
  readonly reservedPorts: string;
  /** Whether the kernel forwards IPv4 packets; undefined: unknown. */
  readonly isForwarding: boolean | undefined;
  /** Whether a time service keeps the clock; undefined: unknown. */
  readonly isClockSynchronized: boolean | undefined;
  readonly wallMs: number;
  readonly freeMemoryBytes: number;
  readonly freeDiskBytes: number | undefined;
}

export const needs = {
  nodeMajor: 26,
  /** Two sockets for each side of a call, and a connection for each TCP or TLS peer. */
  openFiles: 4096,
  /** RTP and RTCP of each side: of calls that the kernel relays, none. */
  openFilesOfCall: 4,
  /** Program, ledger, connections and sockets bound beforehand. */
  otherOpenFiles: 1024,
  receiveBufferBytes: 1024 * 1024,
  freeMemoryBytes: 256 * 1024 * 1024,
  freeDiskBytes: 512 * 1024 * 1024,
  /** 2026-01-01: a clock before this release was never set. */
  earliestWallMs: 1_767_225_600_000,
} as const;

export function judgeMachine(
  machine: Machine,
  mediaPorts: { readonly first: number; readonly last: number },
): readonly Finding[] {
  return [
    judgeNode(machine),
    judgeOpenFiles(machine),
    judgePrivileges(machine),
    judgeReceiveBuffer(machine),
    judgeMediaPorts(machine, mediaPorts),
    judgeForwarding(machine),
    judgeClock(machine),
    judgeMemory(machine),
    judgeDisk(machine),
  ];
}

function judgeNode({ nodeMajor }: Machine): Finding {
  const text = `version ${nodeMajor}, needs ${needs.nodeMajor} or newer`;
  return { level: nodeMajor >= needs.nodeMajor ? "ok" : "fail", check: "node", text };
}

function judgeOpenFiles({ openFiles }: Machine): Finding {
  const check = "nofile";
  if (openFiles === undefined) return { level: "warn", check, text: "the system does not say" };
  const { soft, hard } = openFiles;
  // Node raises its own limit to the hard one.
  const calls = Math.max(0, Math.floor((hard - needs.otherOpenFiles) / needs.openFilesOfCall));
  const text = `${soft} open files (hard limit ${hard}: ${calls} calls in user space)`;
  if (soft >= needs.openFiles) return { level: "ok", check, text };
  const remedy = `raise it to ${needs.openFiles} or more: 'ulimit -n', limits.conf, or LimitNOFILE= of the unit`;
  return { level: "warn", check, text, remedy };
}

function judgePrivileges({ isRoot, unprivilegedPortStart }: Machine): Finding {
  const check = "privileges";
  if (isRoot) {
    const remedy = "nothing needs root: ports from 1024 on and the user-space relay work for any user";
    return { level: "ok", check, text: "running as root", remedy };
  }
  return { level: "ok", check, text: `an ordinary user; ports from ${unprivilegedPortStart ?? 1024} on` };
}

function judgeReceiveBuffer({ largestReceiveBufferBytes }: Machine): Finding {
  const check = "udp buffer";
  if (largestReceiveBufferBytes === undefined) return { level: "ok", check, text: "the system does not say" };
  const text = `net.core.rmem_max is ${largestReceiveBufferBytes}`;
  if (largestReceiveBufferBytes >= needs.receiveBufferBytes) return { level: "ok", check, text };
  const remedy = `bursts may be lost: sysctl -w net.core.rmem_max=${needs.receiveBufferBytes * 4}`;
  return { level: "warn", check, text, remedy };
}

/** A media port that the kernel has lent to an outgoing connection cannot be bound when a call needs it. */
function judgeMediaPorts(
  { ephemeralPorts, reservedPorts }: Machine,
  media: { readonly first: number; readonly last: number },
): Finding {
  const check = "media ports";
  const range = `${media.first}-${media.last}`;
  if (ephemeralPorts === undefined) return { level: "ok", check, text: range };
  const { first, last } = ephemeralPorts;
  const overlaps = media.first <= last && first <= media.last;
  if (!overlaps)
    return { level: "ok", check, text: `${range}, outside the ephemeral range ${first}-${last}` };
  if (isReserved(reservedPorts, media)) return { level: "ok", check, text: `${range}, reserved` };
  return {
    level: "warn",
    check,
    text: `${range} overlaps the ephemeral range ${first}-${last}`,
    remedy: `sysctl -w net.ipv4.ip_local_reserved_ports=${range}`,
  };
}

/** A gateway answers and calls, it forwards nothing: what is forwarded goes past all it decides. */
function judgeForwarding({ isForwarding }: Machine): Finding {
  const check = "forwarding";
  if (isForwarding === undefined) return { level: "ok", check, text: "the system does not say" };
  if (!isForwarding) return { level: "ok", check, text: "off" };
  const remedy =
    "sysctl -w net.ipv4.ip_forward=0, unless containers need it; lines are kept apart all the same";
  return { level: "warn", check, text: "net.ipv4.ip_forward is on: this host is a router", remedy };
}

/** `10000-19999,30000` as the kernel writes it. */
function isReserved(
  reservedPorts: string,
  media: { readonly first: number; readonly last: number },
): boolean {
  return reservedPorts.split(",").some((part) => {
    const [first = Number.NaN, last = first] = part.split("-").map(Number);
    return first <= media.first && media.last <= last;
  });
}

function judgeClock({ wallMs, isClockSynchronized }: Machine): Finding {
  const check = "clock";
  const now = new Date(wallMs).toISOString();
  if (wallMs < needs.earliestWallMs) {
    return {
      level: "fail",
      check,
      text: `${now} is in the past`,
      remedy: "set it: certificates and nonces depend on it",
    };
  }
  if (isClockSynchronized === true) return { level: "ok", check, text: `${now}, kept by a time service` };
  const text =
    isClockSynchronized === false ? "no time service keeps it" : "whether a time service keeps it is unknown";
  return { level: "warn", check, text: `${now}; ${text}`, remedy: "run chrony or systemd-timesyncd" };
}

function judgeMemory({ freeMemoryBytes }: Machine): Finding {
  const text = `${Math.floor(freeMemoryBytes / 1024 / 1024)} MiB free`;
  return { level: freeMemoryBytes >= needs.freeMemoryBytes ? "ok" : "warn", check: "memory", text };
}

function judgeDisk({ freeDiskBytes }: Machine): Finding {
  const check = "disk";
  if (freeDiskBytes === undefined) return { level: "warn", check, text: "free space unknown" };
  const text = `${Math.floor(freeDiskBytes / 1024 / 1024)} MiB free for the data directory`;
  if (freeDiskBytes >= needs.freeDiskBytes) return { level: "ok", check, text };
  return { level: "warn", check, text, remedy: "call records wait in memory when the disk is full" };
}
