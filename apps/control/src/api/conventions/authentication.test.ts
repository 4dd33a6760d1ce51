import assert from "node:assert/strict";
import { test } from "node:test";
import { readBasic } from "./authentication.ts";

const encode = (text: string) => Buffer.from(text).toString("base64");

const table: [header: string | undefined, expected: [string, string] | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["Basic", undefined],
  ["Basic ", undefined],
  [`Basic ${encode("user:word")}`, ["user", "word"]],
  [`basic   ${encode("user:word")} `, ["user", "word"]],
  [`Basic ${encode("user:")}`, ["user", ""]],
  [`Basic ${encode("user:a:b")}`, ["user", "a:b"]],
  [`Basic ${encode("usér:wörd")}`, ["usér", "wörd"]],
  [`Basic ${encode(":word")}`, undefined],
  [`Basic ${encode("user")}`, undefined],
  ["Basic user:word", undefined],
  [`Bearer ${encode("user:word")}`, undefined],
  [`Basic ${encode("user:word")}, Basic x`, undefined],
];

test("RFC 7617 credentials", () => {
  for (const [header, expected] of table) {
    const read = readBasic(header);
    assert.deepEqual(read && [read.username, read.password], expected, String(header));
  }
});
