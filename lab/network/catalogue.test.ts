import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { groups } from "../interop/catalogue.ts";
import { networkScenarios } from "./catalogue.ts";

test("every scenario of the lab has a name of its own", () => {
  const names = [
    ...groups.flatMap((group) => group.scenarios.map((scenario) => scenario.name)),
    ...networkScenarios.map((scenario) => scenario.name),
  ];
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test("every scenario on real links is a test too", () => {
  for (const { name } of networkScenarios) {
    assert.ok(existsSync(join(import.meta.dirname, `${name}.test.ts`)), `${name}.test.ts`);
  }
});
