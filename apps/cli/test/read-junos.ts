/** As much of a Junos configuration as `tandem firewall` writes; a line that it does not know is a failure. */
import assert from "node:assert/strict";
import type { ReadRule } from "./read-rule.ts";

const prefixLine = /^set policy-options prefix-list (\S+) (\S+)$/;
const termLine =
  /^set firewall family (inet6?) filter tandem-(in|out) term (\S+) (?:from|then) (\S+)(?: (\S+))?$/;

type Members = Readonly<Record<string, string>>;

/** Rules by direction, those of both families together. */
export function readJunos(text: string): ReadonlyMap<string, readonly ReadRule[]> {
  const lists = new Map<string, string[]>();
  const terms = new Map<string, Members>();
  for (const line of text.split("\n").filter((each) => each !== "" && !each.startsWith("#"))) {
    const [, list, network = ""] = prefixLine.exec(line) ?? [];
    if (list === undefined) readTerm(line, terms);
    else lists.set(list, [...(lists.get(list) ?? []), network]);
  }
  const rules = [...terms.values()].map(
    (members) => [members["direction"] ?? "", ruleOf(members, lists)] as const,
  );
  return new Map(
    [...Map.groupBy(rules, ([direction]) => direction)].map(([direction, found]) => [
      direction,
      found.map(([, rule]) => rule),
    ]),
  );
}

function readTerm(line: string, terms: Map<string, Members>): void {
  const match = termLine.exec(line);
  assert.ok(match !== null, line);
  const [, family = "", direction = "", term = "", member = "", value = "yes"] = match;
  const key = `${direction} ${family} ${term}`;
  terms.set(key, { ...terms.get(key), family, direction, [member]: value });
}

function ruleOf(members: Members, lists: ReadonlyMap<string, readonly string[]>): ReadRule {
  assert.equal(members["accept"], "yes");
  const from = members["source-prefix-list"];
  return {
    protocol: members[members["family"] === "inet" ? "protocol" : "next-header"] ?? "",
    networks: lists.get(from ?? members["destination-prefix-list"] ?? "") ?? [],
    isFromExchange: from !== undefined,
    source: spanOf(members["source-port"]),
    destination: spanOf(members["destination-port"]),
    isEstablished: members["tcp-established"] === "yes",
  };
}

function spanOf(text = ""): string {
  return text === "" || text.includes("-") ? text : `${text}-${text}`;
}
