/** 100rel, PRACK, UPDATE, session timers and REFER: what is answered to peers that use them. */
import assert from "node:assert/strict";
import type { Heard } from "../runner/heard.ts";
import type { RequestChanges } from "../runner/leg.ts";
import { type EstablishedCall, type Scene, scenario, type Theme } from "../runner/scenario.ts";

/** A call whose caller requires reliable provisional responses, with the callee's 180 on its way. */
async function ringing({ customer, carrier }: Scene): Promise<EstablishedCall> {
  const caller = customer.dial();
  await caller.send("INVITE", { headers: { Require: "100rel" } });
  const callee = await carrier.incoming();
  callee.respond(180);
  return { caller, callee };
}

function prack(response: Heard, responseNumber = Number(response.value("RSeq"))): RequestChanges {
  return { toTag: response.toTag, headers: { RAck: `${responseNumber} 1 INVITE` } };
}

export const reliableProvisional: Theme = {
  name: "extensions of the dialog",
  network: "127.0.196",
  scenarios: [
    scenario(
      "a caller that requires 100rel gets the 180 again until its PRACK, and the answer after it",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        const first = await caller.expect(180);
        const { inbox } = caller.party;
        await inbox.until(() => inbox.times(first) > 1, "the 180 does not come again");
        await caller.send("PRACK", prack(first));
        await caller.expect("200 PRACK");
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario("a PRACK for a response that nobody sent gets 481, and the right one 200", {}, async (scene) => {
      const { caller, callee } = await ringing(scene);
      const first = await caller.expect(180);
      await caller.send("PRACK", prack(first, Number(first.value("RSeq")) + 1));
      await caller.expect("481 PRACK");
      await caller.send("PRACK", prack(first));
      await caller.expect("200 PRACK");
      callee.answer();
      await caller.answered();
      await callee.expect("ACK");
      await scene.hangUp({ caller, callee });
    }),

    scenario("a reliable 180 that nobody acknowledges ends the call after 64 T1", {}, async (scene) => {
      const { caller, callee } = await ringing(scene);
      await caller.expect(180);
      await callee.takeCancel();
      await caller.refused(504);
    }),

    scenario("a caller that supports 100rel gets provisional responses without it", {}, async (scene) => {
      const caller = scene.customer.dial();
      await caller.send("INVITE", { headers: { Supported: "100rel, timer" } });
      const callee = await scene.carrier.incoming();
      callee.respond(180);
      assert.equal((await caller.expect(180)).value("RSeq"), "");
      callee.answer();
      await caller.answered();
      await callee.expect("ACK");
      await scene.hangUp({ caller, callee });
    }),

    scenario(
      "a carrier's PRACK outside a dialog gets 481, and so it does inside none",
      {},
      async ({ carrier }) => {
        const outside = carrier.dial();
        await outside.send("PRACK");
        await outside.expect("481 PRACK");
        const inside = carrier.dial();
        await inside.send("PRACK", { toTag: "nobody" });
        await inside.expect("481 PRACK");
      },
    ),

    scenario("an UPDATE without an offer is answered here", { over: ["UDP", "TCP"] }, async (scene) => {
      const call = await scene.setUp();
      await call.caller.send("UPDATE");
      await call.caller.expect("200 UPDATE");
      await scene.hangUp(call);
    }),

    scenario(
      "an UPDATE with an offer reaches the other side and its answer comes back",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        await callee.send("UPDATE", { body: callee.offerAgain(2, "sendonly") });
        assert.match((await caller.expect("UPDATE")).body, /^a=sendonly\r$/m);
        caller.respond(200, { body: caller.offerAgain(2, "recvonly") });
        assert.match((await callee.expect("200 UPDATE")).body, /^a=recvonly\r$/m);
        await scene.hangUp(call);
      },
    ),

    scenario("an UPDATE with an offer that meets a re-INVITE gets 491", {}, async (scene) => {
      const call = await scene.setUp();
      const { caller, callee } = call;
      await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
      const offered = await callee.expect("INVITE");
      await callee.send("UPDATE", { body: callee.offerAgain(2, "sendonly") });
      await callee.expect("491 UPDATE");
      callee.answer({ to: offered, body: callee.offerAgain(2, "recvonly") });
      await caller.answered();
      await callee.expect("ACK");
      await scene.hangUp(call);
    }),

    scenario("a REFER is declined, and the call stays", { over: ["UDP", "TCP"] }, async (scene) => {
      const call = await scene.setUp();
      await call.callee.send("REFER", { headers: { "Refer-To": "<sip:+15550199@192.0.2.1>" } });
      await call.callee.expect("603 REFER");
      await scene.hangUp(call);
    }),
  ],
};
