import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumForks } from "./early-dialogs.ts";
import { calleeAnswer, callScript } from "./testing/call-script.ts";

test("the caller hears of as many forks of an attempt as there may be, and of the answer whichever fork gives it", () => {
  const script = callScript().start();
  for (const attempt of [0, 1]) {
    const invite = script.expectInvite(attempt);
    for (let fork = 0; fork < maximumForks; fork += 1) {
      script.callee(invite, 183, { toTag: `b${fork}` });
      script.expectResponse(183);
    }
    script.callee(invite, 183, { toTag: "too-many" });
    script.wire.expectNothing();
    script.callee(invite, 183, { toTag: "b0" });
    script.expectResponse(183);
    if (attempt === 0) {
      script.callee(invite, 503);
      script.wire.expect("ACK");
      continue;
    }
    script.callee(invite, 200, { toTag: "too-many", body: calleeAnswer });
    script.wire.expect("ACK");
    script.expectResponse(200);
  }
  script.fromCaller("ACK", 1);
  assert.equal(script.call.state, "answered");
});

test("a reliable response of a fork too many is acknowledged all the same: the callee would repeat it for ever", () => {
  const script = callScript({ invite: { headerFields: [["Supported", "100rel"]] } }).start();
  const invite = script.expectInvite();
  for (let fork = 0; fork < maximumForks; fork += 1) {
    script.callee(invite, 183, { toTag: `b${fork}` });
    script.expectResponse(183);
  }
  script.callee(invite, 183, {
    toTag: "too-many",
    headerFields: [
      ["Require", "100rel"],
      ["RSeq", "1"],
    ],
  });
  script.wire.expect("PRACK");
  script.wire.expectNothing();
});
