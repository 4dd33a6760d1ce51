import assert from "node:assert/strict";
import { test } from "node:test";
import { failLater, sendFailureFrom } from "./send-failure.ts";

const table: [systemCode: string, code: string][] = [
  ["ECONNREFUSED", "connection-refused"],
  ["ECONNRESET", "connection-reset"],
  ["EPIPE", "connection-reset"],
  ["ETIMEDOUT", "connect-timeout"],
  ["EHOSTUNREACH", "host-unreachable"],
  ["ENETUNREACH", "network-unreachable"],
  ["EADDRNOTAVAIL", "address-not-available"],
  ["EMSGSIZE", "message-too-large"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate-name-mismatch"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "certificate-untrusted"],
  ["EWHATEVER", "the-fallback"],
];
for (const [systemCode, code] of table) {
  test(`${systemCode} is ${code}`, () => {
    const error = Object.assign(new Error("connect failed"), { code: systemCode });
    assert.deepEqual(sendFailureFrom(error, "the-fallback"), { code, text: "connect failed" });
  });
}

test("anything else is told too", () => {
  assert.deepEqual(sendFailureFrom("odd"), { code: "send-failed", text: "odd" });
  assert.deepEqual(sendFailureFrom(new Error("bare")), { code: "send-failed", text: "bare" });
});

test("a failure is never told before the send has returned", async () => {
  const told = Promise.withResolvers<unknown>();
  let hasReturned = false;
  failLater((failure) => told.resolve([hasReturned, failure]), "closed", "gone");
  hasReturned = true;
  assert.deepEqual(await told.promise, [true, { code: "closed", text: "gone" }]);
});
