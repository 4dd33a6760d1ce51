import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayDouble } from "@tandem/media/testing";
import { openRelay } from "./wire.ts";

test("an endpoint of another engine cannot be joined", async () => {
  const { relay } = await openRelay();
  const foreign = new RelayDouble().openEndpoint({ mediaInterface: "media", kind: "rtp" });
  const own = relay.openEndpoint({ mediaInterface: "media", kind: "rtp" });
  assert.ok(foreign && own);
  assert.throws(() => relay.join(own, foreign), TypeError);
  assert.throws(() => relay.join(foreign, own), TypeError);
  await relay.close();
});
