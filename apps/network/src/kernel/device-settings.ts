import { readFileSync, writeFileSync } from "node:fs";

/** Sysctls of IPv4, of this network namespace. A device's name has been checked: it is no path. */
const folder = "/proc/sys/net/ipv4";

export interface DeviceSettings {
  /** Undefined: not readable, the device has just gone. */
  read(name: string): string | undefined;
  write(name: string, value: string): void;
}

export const kernelSettings: DeviceSettings = {
  read(name) {
    try {
      return readFileSync(`${folder}/${name}`, "utf8").trim();
    } catch {
      return undefined;
    }
  },
  write(name, value) {
    writeFileSync(`${folder}/${name}`, value);
  },
};

/**
 * Lets the kernel pass over routes of a device that has lost its carrier, so that a dead line is unreachable within the
 * same millisecond and not a hole that swallows packets. Texts are what went wrong.
 */
export function passOverDeadDevices(devices: readonly string[], settings: DeviceSettings): readonly string[] {
  const errors: string[] = [];
  for (const device of devices) {
    const name = `conf/${device}/ignore_routes_with_linkdown`;
    if (settings.read(name) !== "0") continue;
    try {
      settings.write(name, "1");
    } catch (error) {
      errors.push(`net.ipv4.${name.replaceAll("/", ".")}: ${String(error)}`);
    }
  }
  return errors;
}

/** What in the host's settings is at odds with private lines; for the operator to decide. */
export function settingFindings(devices: readonly string[], settings: DeviceSettings): readonly string[] {
  const findings: string[] = [];
  if (settings.read("ip_forward") === "1") {
    findings.push(
      "net.ipv4.ip_forward is 1: a gateway forwards nothing; packets from and into lines are dropped here",
    );
  }
  const all = settings.read("conf/all/rp_filter");
  const filtered = devices.filter((device) =>
    [all, settings.read(`conf/${device}/rp_filter`)].some((value) => value === "1" || value === "2"),
  );
  if (filtered.length > 0) {
    findings.push(
      `rp_filter is on for ${filtered.slice(0, 5).join(", ")}${filtered.length > 5 ? " and others" : ""}: ICMP errors of ` +
        "routers that are not among a customer's routes are lost, and with them path MTU discovery",
    );
  }
  return findings;
}
