import assert from "node:assert/strict";
import { isIPv4 } from "node:net";
import { describe, it } from "node:test";
import { ipv4Number } from "./ipv4-number.ts";

describe("ipv4Number", () => {
  const numbers: readonly (readonly [string, number])[] = [
    ["0.0.0.0", 0],
    ["0.0.0.1", 1],
    ["0.0.1.0", 256],
    ["10.20.30.40", 0x0a141e28],
    ["127.0.0.1", 0x7f000001],
    ["255.255.255.255", 0xffffffff],
  ];
  for (const [text, number] of numbers) {
    it(`${text} is ${number}`, () => assert.equal(ipv4Number(text), number));
  }

  const others = [
    "",
    ".",
    "1",
    "1.2.3",
    "1.2.3.",
    "1.2.3.4.5",
    ".1.2.3",
    "1..2.3",
    "256.1.1.1",
    "1.1.1.256",
    "01.2.3.4",
    "1.2.3.04",
    "00.0.0.0",
    "1.2.3.4 ",
    "1.2.3.a",
    "1.2.3./",
    "1.2.3.:",
    "::1",
    "::ffff:1.2.3.4",
  ];
  for (const text of others) {
    it(`${JSON.stringify(text)} is none, as node:net says`, () => {
      assert.equal(ipv4Number(text), -1);
      assert.equal(isIPv4(text), false);
    });
  }
});
