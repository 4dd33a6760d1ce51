import assert from "node:assert/strict";
import { test } from "node:test";
import { ownHeaderNames } from "./own-header-names.ts";

test("our names, unless the account wants those of the reference system", () => {
  const tandem = {
    accountSid: "X-Tandem-AccountSid",
    callSid: "X-Tandem-CallSid",
    verStat: "X-Tandem-VerStat",
  };
  const account = { sid: "AC1", status: "active" } as const;
  assert.deepEqual(ownHeaderNames(undefined), tandem);
  assert.deepEqual(ownHeaderNames({ ...account, compatibility: "tandem" }), tandem);
  assert.deepEqual(ownHeaderNames({ ...account, compatibility: "twilio" }), {
    accountSid: "X-Twilio-AccountSid",
    callSid: "X-Twilio-CallSid",
    verStat: "X-Twilio-VerStat",
  });
});
