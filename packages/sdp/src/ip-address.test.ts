import assert from "node:assert/strict";
import { isIPv4, isIPv6 } from "node:net";
import { describe, test } from "node:test";
import { isIpv4, isIpv6, isMulticastAddress, isUnspecifiedAddress } from "./ip-address.ts";

const texts = [
  "0.0.0.0",
  "255.255.255.255",
  "256.1.1.1",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.4.",
  "1.2.3.",
  ".1.2.3",
  "1..2.3",
  "01.2.3.4",
  "1.2.3.4 ",
  "a.b.c.d",
  "",
  "::",
  "::1",
  "1::",
  "1::8",
  "1:2:3:4:5:6:7:8",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::",
  "::2:3:4:5:6:7:8",
  "1:2:3:4::5:6:7:8",
  "1::2::3",
  ":::",
  ":",
  ":1",
  "1:",
  "12345::",
  "g::",
  "FE80::abCD",
  "::ffff:192.0.2.1",
  "1:2:3:4:5:6:192.0.2.1",
  "1:2:3:4:5:6:7:192.0.2.1",
  "::192.0.2.256",
  "192.0.2.1::",
  "1:192.0.2.1::2",
  "1:2:3:4:5:192.0.2.1:6",
  "::1 ",
  "[::1]",
  "::/64",
  "@::",
  "`::",
];

describe("textual IP addresses", () => {
  for (const text of texts) {
    test(`${JSON.stringify(text)} is judged as node:net does`, () => {
      assert.equal(isIpv4(text), isIPv4(text));
      assert.equal(isIpv6(text), isIPv6(text));
    });
  }

  test("unspecified is all zeros", () => {
    for (const text of ["0.0.0.0", "::", "0:0:0:0:0:0:0:0"])
      assert.equal(isUnspecifiedAddress(text), true, text);
    for (const text of ["0.0.0.1", "1.0.0.0", "::1", "a::"])
      assert.equal(isUnspecifiedAddress(text), false, text);
  });

  test("multicast begins at 224.0.0.0 and is ff00::/8", () => {
    for (const text of ["224.0.0.0", "239.1.1.1", "255.255.255.255", "ff02::1", "FFFF::"]) {
      assert.equal(isMulticastAddress(text), true, text);
    }
    for (const text of ["223.255.255.255", "10.0.0.1", "fe80::1", "::ff02", "ff::1", "ff:1::"]) {
      assert.equal(isMulticastAddress(text), false, text);
    }
  });
});
