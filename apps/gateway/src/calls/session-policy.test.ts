import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationOf } from "../testing/gateway-script.ts";
import { sessionPolicyOf } from "./session-policy.ts";

test("session timers as configured, half an hour by default, never below the least interval", () => {
  assert.deepEqual(sessionPolicyOf(configurationOf()), { intervalSeconds: 1800, minimumSeconds: 90 });
  assert.deepEqual(
    sessionPolicyOf(configurationOf({ sessionIntervalSeconds: 600, minimumSessionIntervalSeconds: 120 })),
    { intervalSeconds: 600, minimumSeconds: 120 },
  );
  assert.deepEqual(sessionPolicyOf(configurationOf({ minimumSessionIntervalSeconds: 3600 })), {
    intervalSeconds: 3600,
    minimumSeconds: 3600,
  });
});
