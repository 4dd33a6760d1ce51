import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hostCommand } from "./host-command.ts";

describe("a command of the host", () => {
  test("gives its output", () =>
    assert.equal(hostCommand("sh", ["-c", "echo well; echo but >&2"]), "well\n"));

  const failures: readonly (readonly [script: string, message: RegExp])[] = [
    [
      "echo 'Warning: old' >&2; echo 'Error: no such thing' >&2; echo 'a hint' >&2; exit 1",
      /^sh: Error: no such thing$/,
    ],
    ["echo first >&2; echo last >&2; exit 1", /^sh: last$/],
    ["exit 3", /^sh: Error: Command failed/],
  ];
  for (const [script, message] of failures) {
    test(`fails with the line that says why: ${script}`, () => {
      assert.throws(
        () => hostCommand("sh", ["-c", script]),
        (error: Error) => message.test(error.message),
      );
    });
  }

  test("names what is not installed", () => {
    assert.throws(() => hostCommand("no-such-program", []), /^Error: no-such-program is not installed$/);
  });
});
