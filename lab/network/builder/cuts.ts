/** What happens to cables: pulled, silently dead in both directions or in one, and mended. */
import type { Link } from "./link.ts";

/** Seen from the near end. */
export type LostDirection = "both" | "from-near" | "to-near";

/**
 * Pulls the cable: both ends lose their carrier. The device that is set down is the one at `end`, the other one notices
 * by itself, as hardware would; routes and addresses of that other one stay.
 */
export function pull({ near, far }: Link, end: "near" | "far" = "far"): void {
  const { at, device } = end === "near" ? near : far;
  at.ip("link", "set", "dev", device, "down");
}

/** The cable looks well and loses every frame, which only those notice who listen for the other side. */
export function blackhole({ far }: Link, direction: LostDirection): void {
  const chains = [
    ...(direction === "to-near" ? [] : [chain("lost-ingress", "ingress", far.device)]),
    ...(direction === "from-near" ? [] : [chain("lost-egress", "egress", far.device)]),
  ];
  const name = tableName(far.device);
  // Replaced in one transaction when it is there already.
  const text = `table netdev ${name}\ndelete table netdev ${name}\ntable netdev ${name} {\n${chains.join("\n")}\n}\n`;
  far.at.run("nft", ["-f", "-"], text);
}

/** Undoes whatever was done to the cable. */
export function mend({ near, far }: Link): void {
  const name = tableName(far.device);
  far.at.run("nft", ["-f", "-"], `table netdev ${name}\ndelete table netdev ${name}\n`);
  for (const { at, device } of [far, near]) at.ip("link", "set", "dev", device, "up");
}

function chain(name: string, hook: "ingress" | "egress", device: string): string {
  return ` chain ${name} {\n  type filter hook ${hook} device "${device}" priority -500; policy drop;\n }`;
}

function tableName(device: string): string {
  return `cut-${device}`;
}
