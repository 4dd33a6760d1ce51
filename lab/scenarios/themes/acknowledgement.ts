/** The 200 and its ACK: lost, late, doubled, or not what they should be. */
import assert from "node:assert/strict";
import type { Heard } from "../runner/heard.ts";
import {
  type EstablishedCall,
  everyTransport,
  type Scene,
  scenario,
  type Theme,
} from "../runner/scenario.ts";

/** A call that both sides know of, whose caller has not acknowledged the 200. */
async function unacknowledged({ customer, carrier }: Scene): Promise<EstablishedCall & { answer: Heard }> {
  const caller = customer.dial();
  await caller.send("INVITE");
  const callee = await carrier.incoming();
  callee.answer();
  const answer = await caller.expect("200 INVITE");
  await callee.expect("ACK");
  return { caller, callee, answer };
}

export const acknowledgement: Theme = {
  name: "the 200 and its ACK",
  network: "127.0.191",
  scenarios: [
    scenario(
      "a 200 that comes again behind the ACK gets the same ACK again",
      { over: everyTransport },
      async (scene) => {
        const caller = scene.customer.dial();
        await caller.send("INVITE");
        const callee = await scene.carrier.incoming();
        const answer = callee.answer();
        await caller.answered();
        const ack = await callee.expect("ACK");
        for (let times = 2; times <= 4; times += 1) {
          callee.respondAgain(answer);
          await scene.carrier.repeated(ack, times);
        }
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario("a 200 is repeated until its ACK comes", { over: everyTransport }, async (scene) => {
      const { caller, callee, answer } = await unacknowledged(scene);
      await scene.customer.repeated(answer, 4);
      await caller.ack(answer);
      await scene.pause(scene.t1Ms * 20);
      const times = scene.customer.inbox.times(answer);
      await scene.pause(scene.t1Ms * 20);
      assert.equal(scene.customer.inbox.times(answer), times, "the 200 came after its ACK");
      await scene.hangUp({ caller, callee });
    }),

    scenario(
      "a call whose ACK never comes is ended both ways after 64 T1",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await unacknowledged(scene);
        await caller.takeBye();
        await callee.takeBye();
      },
    ),

    scenario("an ACK that has the branch of its INVITE is taken", { over: ["UDP", "TCP"] }, async (scene) => {
      const { customer, carrier } = scene;
      const caller = customer.dial();
      const { branch } = await caller.send("INVITE");
      const callee = await carrier.incoming();
      callee.answer();
      const answer = await caller.expect("200 INVITE");
      await callee.expect("ACK");
      await caller.ack(answer, { branch });
      await scene.pause(scene.t1Ms * 20);
      const times = customer.inbox.times(answer);
      await scene.pause(scene.t1Ms * 20);
      assert.equal(customer.inbox.times(answer), times, "the 200 came after its ACK");
      await scene.hangUp({ caller, callee });
    }),

    scenario("an ACK with another CSeq acknowledges nothing", {}, async (scene) => {
      const { caller, callee, answer } = await unacknowledged(scene);
      await caller.ack(answer, { sequenceNumber: answer.sequenceNumber + 1 });
      await scene.customer.repeated(answer, scene.customer.inbox.times(answer) + 2);
      await caller.ack(answer);
      await scene.hangUp({ caller, callee });
    }),

    scenario("an ACK for another To tag acknowledges nothing", {}, async (scene) => {
      const { caller, callee, answer } = await unacknowledged(scene);
      await caller.ack(answer, { toTag: "somebody-else" });
      await scene.customer.repeated(answer, scene.customer.inbox.times(answer) + 2);
      await caller.ack(answer);
      await scene.hangUp({ caller, callee });
    }),

    scenario("an ACK that comes five times does no harm", { over: everyTransport }, async (scene) => {
      const { caller, callee, answer } = await unacknowledged(scene);
      const ack = await caller.ack(answer);
      for (let times = 0; times < 4; times += 1) await caller.again(ack);
      await scene.hangUp({ caller, callee });
    }),

    scenario("an ACK with a body nobody asked for is an ACK", {}, async (scene) => {
      const { caller, callee, answer } = await unacknowledged(scene);
      await caller.ack(answer, { body: caller.offerAgain(2, "sendonly") });
      await scene.hangUp({ caller, callee });
    }),

    scenario("an ACK out of the blue gets no answer", { over: everyTransport }, async (scene) => {
      const caller = scene.customer.dial();
      await caller.send("ACK");
      await scene.customer.silence(scene.t1Ms * 4);
      const carrier = scene.carrier.dial();
      await carrier.send("ACK", { toTag: "nobody" });
      await scene.carrier.silence(scene.t1Ms * 4);
    }),

    scenario(
      "an INVITE without an offer gets the callee's in the 200, and its ACK brings the answer",
      { over: everyTransport },
      async (scene) => {
        const caller = scene.customer.dial();
        await caller.send("INVITE", { body: "" });
        const callee = await scene.carrier.incoming();
        assert.equal(callee.invite?.body, "");
        callee.answer();
        const offer = await caller.expect("200 INVITE");
        assert.match(offer.body, /^m=audio \d+ RTP\/AVP 0 101\r$/m);
        await scene.carrier.silence(scene.t1Ms * 2);
        await caller.ack(offer, { body: caller.offer });
        assert.match((await callee.expect("ACK")).body, /^m=audio \d+ RTP\/AVP 0 101\r$/m);
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario("a late offer that is never answered ends the call", {}, async (scene) => {
      const caller = scene.customer.dial();
      await caller.send("INVITE", { body: "" });
      const callee = await scene.carrier.incoming();
      callee.answer();
      await caller.ack(await caller.expect("200 INVITE"));
      await callee.expect("ACK");
      await callee.takeBye();
      await caller.takeBye();
    }),

    scenario("a caller may hang up before it acknowledges", { over: everyTransport }, async (scene) => {
      const { caller, callee } = await unacknowledged(scene);
      await caller.bye();
      await callee.takeBye();
    }),

    scenario(
      "a callee that hangs up before the caller's ACK is waited for: no BYE goes before the ACK",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const { caller, callee, answer } = await unacknowledged(scene);
        await callee.bye();
        await scene.customer.silence(scene.t1Ms * 4);
        await caller.ack(answer);
        await caller.takeBye();
      },
    ),

    scenario(
      "an INVITE that comes again before and behind the 200 is one call",
      { over: ["UDP"] },
      async (scene) => {
        const caller = scene.customer.dial();
        const invite = await caller.send("INVITE");
        const callee = await scene.carrier.incoming();
        await caller.again(invite);
        callee.respond(180);
        const ringing = await caller.expect(180);
        await caller.again(invite);
        await scene.customer.repeated(ringing);
        callee.answer();
        const answer = await caller.expect("200 INVITE");
        await caller.again(invite);
        await scene.customer.repeated(answer);
        await callee.expect("ACK");
        await caller.ack(answer);
        await scene.hangUp({ caller, callee });
      },
    ),
  ],
};
