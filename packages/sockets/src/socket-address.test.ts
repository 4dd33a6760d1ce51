import assert from "node:assert/strict";
import { test } from "node:test";
import { socketAddresses } from "./socket-address.ts";

test("an address is of one family, that of the text", () => {
  const [four, six] = [socketAddresses("192.0.2.1"), socketAddresses("2001:db8::1%eth0")];
  assert.deepEqual([four.family, four.bytes, six.family, six.bytes], [2, 16, 10, 28]);
  assert.deepEqual([socketAddresses("198.51.100.1"), socketAddresses("::1")], [four, six]);
});
