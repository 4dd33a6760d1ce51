import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findUnwantedText } from "./unwanted-text.ts";

const number = (text: string): string => `#${text}`;

const table: readonly (readonly [text: string, what: string | undefined])[] = [
  [`see ${["", "work", "main", "x.ts"].join("/")}`, "path of one machine"],
  [`see ${["", "home", "ada", "x.ts"].join("/")}`, "path of one machine"],
  [`see /etc/hosts and ${["packages", "work", "main"].join("/")}`, undefined],
  [`fixes ${number("42")}`, "issue number"],
  [`(${number("7")})`, "issue number"],
  [`${"iss"}ue 42`, "issue number"],
  [`[link](docs/x.md${number("42-x")})`, undefined],
  [`${number("fff")} is a colour, ${number("private")} a field`, undefined],
  [`${"TO"}DO: later`, "unfinished work"],
  [`${"FIX"}ME`, "unfinished work"],
  ["a todo list", undefined],
  [`${"test"}.only("x", () => {})`, "test that does not run"],
  [`${"it"}.todo("x")`, "test that does not run"],
];

describe("findUnwantedText", () => {
  for (const [text, what] of table) {
    it(`${text}: ${what ?? "passes"}`, () => {
      const [found] = findUnwantedText([{ path: "src/x.ts", text: `one\n${text}\n` }]);
      if (what === undefined) assert.equal(found, undefined);
      else assert.equal(found?.startsWith(`src/x.ts:2: ${what}: `), true, found ?? "nothing");
    });
  }

  it("leaves test data alone", () => {
    assert.deepEqual(findUnwantedText([{ path: "packages/sip/testdata/x.ts", text: number("42") }]), []);
  });
});
