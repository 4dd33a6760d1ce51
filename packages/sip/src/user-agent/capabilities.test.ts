import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderFields } from "../message/index.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { appendCapabilities } from "./capabilities.ts";
import { supportedOptions } from "./supported-options.ts";

test("a response to OPTIONS has the five header fields of RFC 3261 §11.2", () => {
  const fields = new HeaderFields();
  appendCapabilities(fields);
  assert.deepEqual(
    [...fields.rows()].map(({ name, value }) => [name, value]),
    [
      ["Allow", allowedMethods],
      ["Supported", supportedOptions],
      ["Accept", "application/sdp"],
      ["Accept-Encoding", "identity"],
      ["Accept-Language", "en"],
    ],
  );
});
