import assert from "node:assert/strict";
import { test } from "node:test";
import type { SipRequest } from "@tandem/sip/message";
import { parsedRequest } from "@tandem/sip/testing";
import { maximumProgressNotifications, ReferSubscription } from "./refer-subscription.ts";
import { type CallScript, callScript } from "./testing/call-script.ts";

/** A call in which the caller has sent a REFER, and the subscription of it. */
function subscribed(
  options: {
    readonly isFirst?: boolean;
    readonly headerFields?: readonly (readonly [string, string])[];
  } = {},
): { readonly script: CallScript; readonly subscription: ReferSubscription } {
  const subscriptions: ReferSubscription[] = [];
  const script = callScript({
    onRefer: (_script, legs, refer, transaction, side) => {
      transaction.respond(legs.agent.response(refer, transaction.flow, 202));
      subscriptions.push(new ReferSubscription(legs.leg(side), refer, options.isFirst ?? true));
    },
  }).answered();
  const headerFields = [["Refer-To", "<sip:carol@192.0.2.9>"] as const, ...(options.headerFields ?? [])];
  script.fromCaller("REFER", 2, { headerFields });
  script.wire.expect(202);
  const [subscription] = subscriptions;
  assert.ok(subscription !== undefined);
  return { script, subscription };
}

/** The next NOTIFY, which gets its 200. */
function notify(script: CallScript): SipRequest {
  const text = script.wire.expect("NOTIFY");
  script.callee(text, 200, { contact: "" });
  return parsedRequest(text);
}

test("a NOTIFY names its event and has a status line as message/sipfrag (RFC 3515 §2.4.4, §2.4.5)", () => {
  const { script, subscription } = subscribed();
  subscription.progress(100);
  const first = notify(script);
  assert.equal(first.value("Event"), "refer");
  assert.equal(first.value("Subscription-State"), "active;expires=300");
  assert.equal(first.contentType(), "message/sipfrag");
  assert.equal(first.body, "SIP/2.0 100 Trying\r\n");
  assert.equal(first.value("Contact"), "<sip:198.51.100.1:5060>");
  script.hangUp();
});

test("the NOTIFYs of a later REFER say by its CSeq which it is (RFC 3515 §2.4.6)", () => {
  const { script, subscription } = subscribed({ isFirst: false });
  subscription.progress(100);
  assert.equal(notify(script).value("Event"), "refer;id=2");
  script.hangUp();
});

test("the last NOTIFY has the final status and ends the subscription (RFC 3515 §2.4.7)", () => {
  const { script, subscription } = subscribed();
  let isTold = false;
  subscription.final(486, undefined, () => {
    isTold = true;
  });
  const text = script.wire.expect("NOTIFY");
  assert.equal(isTold, false);
  script.callee(text, 200, { contact: "" });
  assert.equal(isTold, true);
  assert.equal(parsedRequest(text).value("Subscription-State"), "terminated;reason=noresource");
  assert.equal(parsedRequest(text).body, "SIP/2.0 486 Busy Here\r\n");
  subscription.progress(180);
  script.wire.expectNothing();
  script.hangUp();
});

test("what was told already is not told again, nor is more than so much progress", () => {
  const { script, subscription } = subscribed();
  for (let count = 0; count < maximumProgressNotifications; count += 1) {
    subscription.progress(180 + count);
    subscription.progress(180 + count);
    notify(script);
    script.wire.expectNothing();
  }
  subscription.progress(199);
  script.wire.expectNothing();
  script.hangUp();
});

test("who wants no subscription gets no NOTIFY, and the end is told at once (RFC 4488 §4)", () => {
  const { script, subscription } = subscribed({ headerFields: [["Refer-Sub", "False;x=y"]] });
  let isTold = false;
  subscription.progress(100);
  subscription.final(200, undefined, () => {
    isTold = true;
  });
  assert.equal(isTold, true);
  script.wire.expectNothing();
  script.hangUp();
});
