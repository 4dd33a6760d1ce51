/** As much of an IOS configuration as `tandem firewall` writes; a line that it does not know is a failure. */
import assert from "node:assert/strict";
import type { ReadRule } from "./read-rule.ts";

const ports = "((?: eq \\d+| range \\d+ \\d+)?)";
const address = "(any|object-group \\S+|[0-9a-f:]+/\\d+)";
const permit = new RegExp(`^ permit (udp|tcp) ${address}${ports} ${address}${ports}( established)?$`);
const heading = /^(object-group network|ip access-list extended|ipv6 access-list) (\S+)$/;

/** Rules by the name of their list; the lists of both families are one. */
export function readCisco(text: string): ReadonlyMap<string, readonly ReadRule[]> {
  const groups = new Map<string, string[]>();
  const lists = new Map<string, ReadRule[]>();
  let group: string[] | undefined;
  let list: ReadRule[] | undefined;
  for (const line of text
    .split("\n")
    .filter((each) => each !== "" && each !== "end" && !each.startsWith("!"))) {
    const [, kind, name = ""] = heading.exec(line) ?? [];
    if (kind === "object-group network") group = opened(groups, name);
    else if (kind !== undefined) list = opened(lists, name.replace(/-V6$/, ""));
    else if (line.startsWith(" permit ")) list?.push(readPermit(line, groups));
    else group?.push(readNetwork(line));
  }
  return lists;
}

function opened<T>(map: Map<string, T[]>, name: string): T[] {
  const items = map.get(name) ?? [];
  map.set(name, items);
  return items;
}

function readPermit(line: string, groups: ReadonlyMap<string, readonly string[]>): ReadRule {
  const match = permit.exec(line);
  assert.ok(match !== null, line);
  const [, protocol = "", from = "", source = "", to = "", destination = "", established] = match;
  const exchange = (from === "any" ? to : from).replace("object-group ", "");
  return {
    protocol,
    networks: groups.get(exchange) ?? [exchange],
    isFromExchange: from !== "any",
    source: spanOf(source),
    destination: spanOf(destination),
    isEstablished: established !== undefined,
  };
}

/** ` eq 5060`, ` range 1024 65535` or nothing. */
function spanOf(text: string): string {
  const [first, last = first] = text.match(/\d+/g) ?? [];
  return first === undefined ? "" : `${first}-${last}`;
}

function readNetwork(line: string): string {
  const match = /^ (?:host ([\d.]+)|([\d.]+) 255\.255\.255\.(\d+))$/.exec(line);
  assert.ok(match !== null, line);
  const [, host, base, mask] = match;
  return host === undefined ? `${base}/${32 - Math.log2(256 - Number(mask))}` : `${host}/32`;
}
