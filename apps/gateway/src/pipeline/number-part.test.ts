import assert from "node:assert/strict";
import { test } from "node:test";
import { numberPart } from "./number-part.ts";

test("the number part is unescaped only before the parameters", () => {
  assert.equal(numberPart("%2B1555"), "+1555");
  assert.equal(numberPart("+1555;isub=%20"), "+1555");
  assert.equal(numberPart("%3B;x"), ";");
});
