import assert from "node:assert/strict";
import { test } from "node:test";
import { socketEntry } from "./host.ts";

test("a bound socket stands in /proc/net/udp as a little-endian address and a port", () => {
  assert.equal(socketEntry("127.0.0.1", 5060), " 0100007F:13C4 ");
  assert.equal(socketEntry("208.78.112.64", 53), " 40704ED0:0035 ");
});
