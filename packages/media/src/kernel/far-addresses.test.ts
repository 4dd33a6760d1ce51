import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FarAddresses, maximumFarAddresses } from "./far-addresses.ts";
import { mappedAddress } from "./mapped-address.ts";

const numbered = (number: number): string => `10.0.${number >> 8}.${number & 255}`;

describe("far addresses", () => {
  test("are the same buffer for the same text, and right", () => {
    const far = new FarAddresses();
    const first = far.of("192.0.2.1");
    assert.deepEqual(first, mappedAddress("192.0.2.1"));
    assert.equal(far.of("192.0.2.1"), first);
    assert.deepEqual(far.of("2001:db8::1"), mappedAddress("2001:db8::1"));
    assert.notDeepEqual(far.of("192.0.2.2"), first);
  });

  test("are none for no text, and for one that is no address", () => {
    const far = new FarAddresses();
    assert.deepEqual(
      [far.of(undefined), far.of("example.com"), far.of("")],
      [undefined, undefined, undefined],
    );
  });

  test("are kept up to the limit, and all found anew past it", () => {
    const far = new FarAddresses();
    const first = far.of(numbered(0));
    for (let number = 1; number < maximumFarAddresses; number += 1) far.of(numbered(number));
    assert.equal(far.of(numbered(0)), first);
    const last = far.of(numbered(maximumFarAddresses));
    assert.notEqual(far.of(numbered(0)), first);
    assert.deepEqual(far.of(numbered(0)), first);
    assert.equal(far.of(numbered(maximumFarAddresses)), last);
  });
});
