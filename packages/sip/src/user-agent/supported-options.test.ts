import assert from "node:assert/strict";
import { test } from "node:test";
import { supportedOptions, supportedUnreliably, understoodOptions } from "./supported-options.ts";

test("Supported lists standards-track extensions and no others (RFC 3261 §8.1.1.9)", () => {
  const standardsTrack = new Map([
    ["100rel", "RFC 3262"],
    ["timer", "RFC 4028"],
    ["norefersub", "RFC 4488"],
  ]);
  for (const tag of understoodOptions) assert.ok(standardsTrack.has(tag), tag);
  assert.equal(supportedOptions, "100rel, timer, norefersub");
  assert.equal(supportedUnreliably, "timer, norefersub");
});
