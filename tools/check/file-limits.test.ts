import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkFileLimits, fileLimits } from "./file-limits.ts";

const lines = (count: number): string => "x\n".repeat(count);

const table: readonly (readonly [path: string, text: string, fault: string | undefined])[] = [
  ["packages/sip/src/a.ts", lines(500), undefined],
  ["packages/sip/src/a.ts", lines(501), "501 lines, at most 500"],
  ["docs/a.md", lines(501), undefined],
  ["docs/a.md", `${"x".repeat(fileLimits.maximumBytes - 1)}\n`, undefined],
  ["docs/a.md", `${"x".repeat(fileLimits.maximumBytes)}\n`, "524289 bytes, at most 524288"],
  ["package-lock.json", `${"x".repeat(fileLimits.maximumBytes)}\n`, undefined],
  ["packages/sip/src/route-set.ts", lines(1), undefined],
  ["packages/sip/src/route-set.test.ts", lines(1), undefined],
  ["packages/sip/src/routeSet.ts", lines(1), "the name is not kebab-case"],
  ["packages/sip/src/route_set.ts", lines(1), "the name is not kebab-case"],
  ["packages/sip/src/utils.ts", lines(1), "a file is named after the one thing in it"],
  ["packages/sip/src/types.ts", lines(1), "a file is named after the one thing in it"],
  ["docs/a.md", "x", "no newline at the end"],
  ["docs/a.md", "", undefined],
  ["docs/a.md", "x \ny\n", "white space at the end of line 1"],
  ["docs/a.md", "x\r\n", "carriage return"],
  ["packages/sip/testdata/a.dat", "x \r", undefined],
];

describe("checkFileLimits", () => {
  for (const [path, text, fault] of table) {
    it(`${path}, ${text.length} characters: ${fault ?? "passes"}`, () => {
      const [found] = checkFileLimits([{ path, text }]);
      assert.equal(found, fault === undefined ? undefined : `${path}: ${fault}`);
    });
  }
});
