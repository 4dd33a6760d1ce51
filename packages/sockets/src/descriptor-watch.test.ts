import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import { descriptorWatches } from "./descriptor-watch.ts";

test("a descriptor that the event loop does not take is told by the system's error", (context) => {
  const watch = descriptorWatches();
  assert.ok(typeof watch !== "string");
  assert.equal(
    watch(1_000_000, () => {}),
    "EBADF",
  );
  const file = openSync(import.meta.filename, "r");
  context.after(() => closeSync(file));
  assert.equal(
    watch(file, () => {}),
    "EPERM",
  );
});
