/** A caller gives up: a CANCEL, or a BYE in the early dialog, meets whatever else is on its way. */
import assert from "node:assert/strict";
import {
  type EstablishedCall,
  everyTransport,
  type Scene,
  scenario,
  type Theme,
} from "../runner/scenario.ts";

/** A call that rings. */
async function ringing({ customer, carrier }: Scene): Promise<EstablishedCall> {
  const caller = customer.dial();
  await caller.send("INVITE");
  const callee = await carrier.incoming();
  callee.respond(180);
  await caller.expect(180);
  return { caller, callee };
}

export const cancel: Theme = {
  name: "a caller gives up",
  network: "127.0.190",
  scenarios: [
    scenario("a CANCEL of a ringing call reaches the carrier", { over: everyTransport }, async (scene) => {
      const { caller, callee } = await ringing(scene);
      await caller.giveUp();
      const cancelled = await callee.takeCancel();
      assert.equal(cancelled.branch, callee.invite?.branch);
      assert.equal(cancelled.requestUri, callee.invite?.requestUri);
      assert.equal(cancelled.value("Reason"), 'SIP;cause=487;text="Canceled by the caller"');
    }),

    scenario(
      "the PSTN gives up, and the customer's SBC gets the CANCEL",
      { over: everyTransport },
      async (scene) => {
        const caller = scene.carrier.dial();
        await caller.send("INVITE");
        const callee = await scene.customer.incoming();
        callee.respond(180);
        await caller.expect(180);
        await caller.giveUp();
        await callee.takeCancel();
      },
    ),

    scenario(
      "a carrier that has said nothing gets no CANCEL, until it says 100",
      { over: ["UDP", "TCP"] },
      async ({ customer, carrier, t1Ms }) => {
        const caller = customer.dial();
        await caller.send("INVITE");
        const callee = await carrier.incoming();
        await caller.giveUp();
        await carrier.silence(t1Ms * 4);
        callee.respond(100);
        await callee.takeCancel();
      },
    ),

    scenario(
      "a carrier that never says anything gets no CANCEL at all",
      {},
      async ({ customer, carrier, t1Ms }) => {
        const caller = customer.dial();
        await caller.send("INVITE");
        await carrier.incoming();
        await caller.giveUp();
        await carrier.silence(t1Ms * 70);
      },
    ),

    scenario(
      "a 200 that meets the CANCEL is ended with ACK and BYE",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        await caller.giveUp();
        const cancelled = await callee.expect("CANCEL");
        callee.answer({ to: callee.invite! });
        callee.respond(200, { to: cancelled });
        await callee.expect("ACK");
        await callee.takeBye();
      },
    ),

    scenario(
      "a carrier that answers the CANCEL with 481 and the INVITE with 200 is hung up on",
      {},
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        await caller.giveUp();
        const cancelled = await callee.expect("CANCEL");
        callee.respond(481, { to: cancelled });
        callee.answer({ to: callee.invite! });
        await callee.expect("ACK");
        await callee.takeBye();
      },
    ),

    scenario("a late 180 and 183 behind the CANCEL are not passed on", {}, async (scene) => {
      const { caller, callee } = await ringing(scene);
      await caller.giveUp();
      callee.respond(183, { body: callee.offer });
      callee.respond(182);
      await callee.takeCancel();
      await scene.customer.silence(scene.t1Ms * 2);
    }),

    scenario("a carrier that ignores the CANCEL is forgotten after 64 T1", {}, async (scene) => {
      const { caller, callee } = await ringing(scene);
      await caller.giveUp();
      const cancelled = await callee.expect("CANCEL");
      await scene.carrier.repeated(cancelled, 3);
      await scene.pause(scene.t1Ms * 70);
      await scene.carrier.silence(scene.t1Ms);
    }),

    scenario(
      "a CANCEL behind the 200 changes nothing: the call is up",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        callee.answer();
        const answer = await caller.expect("200 INVITE");
        await callee.expect("ACK");
        await caller.cancel();
        await caller.expect("200 CANCEL");
        await caller.ack(answer);
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario(
      "a CANCEL of an unknown branch is answered with 481",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        await caller.cancel({ branch: "z9hG4bKnobody" });
        await caller.expect("481 CANCEL");
        await caller.giveUp();
        await callee.takeCancel();
      },
    ),

    scenario(
      "a CANCEL that overtakes its INVITE gets 481, and the INVITE becomes a call",
      {},
      async (scene) => {
        const caller = scene.customer.dial();
        const invite = caller.request("INVITE");
        await caller.cancel();
        await caller.expect("481 CANCEL");
        await caller.again(invite);
        const callee = await scene.carrier.incoming();
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario(
      "a CANCEL that comes three times is answered three times and passed on once",
      {},
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        const cancelled = await caller.cancel();
        const [ok, refusal] = await caller.expectAll("200 CANCEL", "487 INVITE");
        assert.ok(ok !== undefined && refusal !== undefined);
        await caller.again(cancelled);
        await caller.again(cancelled);
        await scene.customer.repeated(ok, 3);
        await caller.ack(refusal);
        await callee.takeCancel();
      },
    ),

    scenario("the Reason of the caller's CANCEL is the carrier's", {}, async (scene) => {
      const { caller, callee } = await ringing(scene);
      const reason = 'SIP;cause=200;text="Call completed elsewhere"';
      await caller.giveUp({ headers: { Reason: reason } });
      assert.equal((await callee.takeCancel()).value("Reason"), reason);
    }),

    scenario("a CANCEL may not be refused for what it requires", {}, async (scene) => {
      const { caller, callee } = await ringing(scene);
      await caller.giveUp({ headers: { Require: "nobody-knows-this" } });
      await callee.takeCancel();
    }),

    scenario(
      "a BYE in the early dialog ends the call like a CANCEL",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        await caller.send("BYE");
        const [, refusal] = await caller.expectAll("200 BYE", "487 INVITE");
        if (refusal !== undefined) await caller.ack(refusal);
        await callee.takeCancel();
      },
    ),

    scenario(
      "a BYE of a dialog that is none: 481 for a carrier, nothing for who names no trunk",
      {},
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        await caller.send("BYE", { toTag: "somebody-else" });
        await callee.send("BYE", { toTag: "somebody-else" });
        await callee.expect("481 BYE");
        await scene.customer.silence(scene.t1Ms * 2);
        await caller.giveUp();
        await callee.takeCancel();
      },
    ),

    scenario(
      "a carrier that says BYE before it has answered gets 481, and the call goes on",
      {},
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        await callee.send("BYE");
        await callee.expect("481 BYE");
        callee.respond(200, { to: callee.invite!, body: callee.offer });
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario("a 487 whose ACK is lost is repeated, and given up after 64 T1", {}, async (scene) => {
      const { caller, callee } = await ringing(scene);
      await caller.cancel();
      const [, refusal] = await caller.expectAll("200 CANCEL", "487 INVITE");
      assert.ok(refusal !== undefined);
      await callee.takeCancel();
      await scene.customer.repeated(refusal, 4);
    }),

    scenario(
      "a CANCEL may come by another connection than its INVITE",
      { over: ["TCP", "TLS"] },
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        scene.customer.wire.dropConnections("end");
        await scene.customer.closed();
        await caller.cancel();
        const [, refusal] = await caller.expectAll("200 CANCEL", "487 INVITE");
        if (refusal !== undefined) await caller.ack(refusal);
        await callee.takeCancel();
      },
    ),

    scenario(
      "a caller whose connection is gone is answered at the port of its Via",
      { over: ["TCP", "TLS"] },
      async (scene) => {
        const { caller, callee } = await ringing(scene);
        scene.customer.wire.dropConnections("reset");
        await scene.customer.closed();
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),
  ],
};
