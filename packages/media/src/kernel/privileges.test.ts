import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { missingPrivilege } from "./privileges.ts";

const withBits = (...bits: readonly bigint[]): string => {
  const set = bits.reduce((sum, bit) => sum | (1n << bit), 0n);
  return `Name:\tnode\nCapPrm:\t0000000000000000\nCapEff:\t${set.toString(16).padStart(16, "0")}\n`;
};

describe("privileges of the kernel engine", () => {
  const table: readonly (readonly [what: string, status: string, missing: string | undefined])[] = [
    ["root", withBits(...Array.from({ length: 41 }, (_, bit) => BigInt(bit))), undefined],
    ["the three of its own", withBits(12n, 38n, 39n), undefined],
    ["the old pair", withBits(12n, 21n), undefined],
    ["nothing", withBits(), "CAP_BPF"],
    ["no CAP_BPF", withBits(12n, 38n), "CAP_BPF"],
    ["no CAP_NET_ADMIN", withBits(38n, 39n), "CAP_NET_ADMIN"],
    ["no CAP_NET_ADMIN beside CAP_SYS_ADMIN", withBits(21n), "CAP_NET_ADMIN"],
    ["no CAP_PERFMON", withBits(12n, 39n), "CAP_PERFMON"],
    ["another system", "", "Linux"],
  ];
  for (const [what, status, missing] of table) {
    test(`${what}: ${missing ?? "enough"}`, () => assert.equal(missingPrivilege(status), missing));
  }
});
