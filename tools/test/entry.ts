/**
 * Loads the test files that a test process is for. `node --test --test-isolation=none` passes a file that throws half
 * way through loading, with the tests it had registered by then; here that is a failed test of its own.
 */
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const files: readonly string[] = JSON.parse(process.env["TANDEM_TEST_FILES"] ?? "[]");
for (const file of files) {
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    test(`${file} loads`, () => {
      throw error;
    });
  }
}
