/** nft and iptables themselves read what `tandem firewall` writes, in a network namespace of their own. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ipRangesOf, parseTopology } from "@tandem/topology";
import { firewallPlanOf } from "../src/firewall/firewall-plan.ts";
import { planFormats } from "../src/firewall/formats/index.ts";
import { sampleRanges } from "../src/testing/sample-ranges.ts";

const isRoot = process.getuid?.() === 0;
const has = (program: string) => spawnSync(program, ["--version"]).status === 0;
/** Root could have installed what is missing: there it fails. */
const skip = (program: string) => !isRoot && !has(program) && `${program} is not installed`;

/** Runs a shell script that begins in a fresh network namespace; the configuration is its standard input. */
function inNamespace(script: string, input: string): string {
  const unshare = isRoot ? ["--net"] : ["--user", "--map-root-user", "--net"];
  const result = spawnSync("unshare", [...unshare, "sh", "-euc", script], {
    input,
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.equal(result.status, 0, `${script}: ${result.stderr}${result.error ?? ""}\n${input}`);
  return result.stdout;
}

function referenceRanges() {
  const file = join(import.meta.dirname, "..", "..", "..", "topology", "reference.yaml");
  const result = parseTopology(readFileSync(file, "utf8"));
  assert.ok(result.ok);
  return ipRangesOf(result.topology);
}

const inputs = [
  ["a sample with IPv6", sampleRanges],
  ["the reference topology", referenceRanges()],
] as const;

for (const [what, ranges] of inputs) {
  for (const perspective of ["customer", "exchange"] as const) {
    const plan = firewallPlanOf(ranges, perspective);
    const count = (direction: string, family?: number) =>
      plan.rules.filter((rule) => {
        const set = plan.sets.find(({ name }) => name === rule.set);
        return rule.direction === direction && (family === undefined || set?.family === family);
      });

    describe(`${what}, for the ${perspective}`, () => {
      it("nft checks it", { skip: skip("nft") }, () => {
        inNamespace("nft -c -f -", planFormats.nftables(plan));
      });

      it("nft loads it twice and has the same rules", { skip: skip("nft") }, () => {
        const listed = inNamespace(
          'text=$(cat); printf "%s" "$text" | nft -f -; printf "%s" "$text" | nft -f -; nft list table inet filter',
          planFormats.nftables(plan),
        );
        assert.equal(listed.match(/accept comment/g)?.length, plan.rules.length);
        for (const { name } of plan.rules) assert.ok(listed.includes(`comment "${name}"`), name);
      });

      for (const [program, format, family] of [
        ["iptables-restore", "iptables", 4],
        ["ip6tables-restore", "ip6tables", 6],
      ] as const) {
        it(`${program} checks it`, { skip: skip(program) }, () => {
          inNamespace(`${program} --test`, planFormats[format](plan));
        });

        it(`${program} loads it twice and has the same rules`, { skip: skip(program) }, () => {
          const save = program.replace("restore", "save");
          const load = `printf "%s\\n" "$text" | ${program} --noflush`;
          const listed = inNamespace(`text=$(cat); ${load}; ${load}; ${save}`, planFormats[format](plan));
          for (const direction of ["in", "out"]) {
            const expected = count(direction, family)
              .map((rule) => plan.sets.find(({ name }) => name === rule.set)?.networks.length ?? 0)
              .reduce((sum, networks) => sum + networks, 0);
            const found = listed.match(
              new RegExp(`^-A TANDEM-${direction.toUpperCase()} .*-j ACCEPT$`, "gm"),
            );
            assert.equal(found?.length ?? 0, expected, `${direction}\n${listed}`);
          }
        });
      }
    });
  }
}
