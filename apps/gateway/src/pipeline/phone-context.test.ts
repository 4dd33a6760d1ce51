import assert from "node:assert/strict";
import { test } from "node:test";
import { phoneContextOf } from "./phone-context.ts";

for (const [user, context] of [
  ["0199;phone-context=+31", "+31"],
  ["0199;npdi;Phone-Context=%2B31;x=y", "+31"],
  ["1111;phone-context=pbx.example.com", "pbx.example.com"],
  ["0199;phone-context", ""],
  ["+31205550199;phone-context=+31", undefined],
  ["%2B31205550199;phone-context=+31", undefined],
  ["0199;x=phone-context", undefined],
  ["0199", undefined],
] as const) {
  test(`phone-context of ${user} (RFC 3966 §5.1.5)`, () => {
    assert.equal(phoneContextOf(user), context);
  });
}
