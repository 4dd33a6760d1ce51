import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addressText, isMappedIpv4, mappedAddress } from "./mapped-address.ts";

describe("mapped addresses", () => {
  const forms: readonly (readonly [text: string, hexadecimal: string, shortest: string])[] = [
    ["10.20.30.40", "00000000000000000000ffff0a141e28", "10.20.30.40"],
    ["::1", "00000000000000000000000000000001", "::1"],
    ["::", "00000000000000000000000000000000", "::"],
    ["2001:DB8::", "20010db8000000000000000000000000", "2001:db8::"],
    ["2001:db8:0:1:2:3:4:5", "20010db8000000010002000300040005", "2001:db8:0:1:2:3:4:5"],
    ["fe80::1%eth0", "fe800000000000000000000000000001", "fe80::1"],
    ["::ffff:1.2.3.4", "00000000000000000000ffff01020304", "1.2.3.4"],
  ];
  for (const [text, hexadecimal, shortest] of forms) {
    test(text, () => {
      const mapped = mappedAddress(text);
      assert.ok(mapped);
      assert.equal(mapped.toString("hex"), hexadecimal);
      assert.equal(addressText(mapped), shortest);
      assert.equal(isMappedIpv4(mapped), shortest.includes("."));
    });
  }

  for (const text of ["", "localhost", "1.2.3", "1.2.3.256", ":::", "1::2::3"]) {
    test(`${JSON.stringify(text)} is none`, () => assert.equal(mappedAddress(text), undefined));
  }

  test("no address is none", () => assert.equal(mappedAddress(undefined), undefined));
});
