import assert from "node:assert/strict";
import { test } from "node:test";
import { namesInExpressions, namesInText } from "./metric-names.ts";

test("families, and what a histogram's series are called", () => {
  const text =
    "# HELP a_total x\n# TYPE a_total counter\na_total 1\n# TYPE b_seconds histogram\nb_seconds_sum 1\n";
  assert.deepEqual(
    [...namesInText(text)],
    ["a_total", "b_seconds", "b_seconds_bucket", "b_seconds_sum", "b_seconds_count"],
  );
});

test("names in expressions, without labels and words of the language", () => {
  const text = 'expr: sum by (le) (rate(tandem_x_bucket{job="tandem-gateway"}[5m])) / process_y - time()';
  assert.deepEqual([...namesInExpressions(text)], ["tandem_x_bucket", "process_y"]);
});
