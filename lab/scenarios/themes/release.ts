/** The end of a call: who says BYE, what it meets, and what becomes of it when nobody answers. */
import assert from "node:assert/strict";
import { everyTransport, scenario, type Theme } from "../runner/scenario.ts";

export const release: Theme = {
  name: "the end of a call",
  network: "127.0.192",
  scenarios: [
    scenario("the customer hangs up", { over: everyTransport }, async (scene) => {
      await scene.hangUp(await scene.setUp());
    }),

    scenario("the carrier hangs up", { over: everyTransport }, async ({ setUp, hangUp }) => {
      const { caller, callee } = await setUp();
      await hangUp({ caller: callee, callee: caller });
    }),

    scenario(
      "a call from the PSTN, ended by either side",
      { over: everyTransport },
      async ({ customer, carrier, hangUp }) => {
        for (const side of ["caller", "callee"] as const) {
          const caller = carrier.dial();
          await caller.send("INVITE");
          const callee = await customer.incoming();
          callee.respond(180);
          await caller.expect(180);
          callee.answer();
          await caller.answered();
          await callee.expect("ACK");
          await hangUp(side === "caller" ? { caller, callee } : { caller: callee, callee: caller });
        }
      },
    ),

    scenario("the Reason of a BYE reaches the other side", { over: ["UDP", "TCP"] }, async ({ setUp }) => {
      const { caller, callee } = await setUp();
      const reasons = ['Q.850;cause=31;text="Normal, unspecified"', 'SIP;cause=200;text="done"'];
      await callee.bye({ headers: { Reason: reasons } });
      assert.deepEqual((await caller.takeBye()).values("Reason"), reasons);
    }),

    scenario("a BYE without a Reason becomes one with Q.850 cause 16", {}, async ({ setUp }) => {
      const { caller, callee } = await setUp();
      await caller.bye();
      assert.match((await callee.takeBye()).value("Reason"), /^Q\.850;cause=16/);
    }),

    scenario("a BYE whose 200 was lost gets it again", { over: ["UDP"] }, async ({ setUp, customer }) => {
      const { caller, callee } = await setUp();
      const bye = await caller.send("BYE");
      const ok = await caller.expect("200 BYE");
      await caller.again(bye);
      await caller.again(bye);
      await customer.repeated(ok, 3);
      await callee.takeBye();
    }),

    scenario(
      "two BYEs that cross are both answered with 200",
      { over: everyTransport },
      async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.bye();
        const bye = await callee.expect("BYE");
        await callee.send("BYE");
        await callee.expect("200 BYE");
        callee.respond(200, { to: bye });
      },
    ),

    scenario(
      "a BYE that nobody answers is repeated over UDP and given up after 64 T1",
      {},
      async ({ setUp, carrier }) => {
        const { caller, callee } = await setUp();
        await caller.bye();
        await carrier.repeated(await callee.expect("BYE"), 5);
      },
    ),

    scenario(
      "a BYE that nobody answers is sent once over TCP and TLS",
      { over: ["TCP", "TLS"] },
      async (scene) => {
        const { caller, callee } = await scene.setUp();
        await caller.bye();
        const bye = await callee.expect("BYE");
        await scene.pause(scene.t1Ms * 20);
        assert.equal(scene.carrier.inbox.times(bye), 1);
      },
    ),

    ...[401, 403, 404, 408, 481, 500, 503, 603].map((statusCode) =>
      scenario(`a BYE that is refused with ${statusCode} is over all the same`, {}, async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.bye();
        await callee.expect("BYE");
        callee.respond(statusCode);
      }),
    ),

    scenario("a BYE out of order gets 500 and ends nothing", {}, async (scene) => {
      const call = await scene.setUp();
      await call.caller.send("BYE", { sequenceNumber: 0 });
      await call.caller.expect("500 BYE");
      await scene.hangUp(call);
    }),

    scenario("a BYE with a CSeq far ahead is in order", {}, async ({ setUp }) => {
      const { caller, callee } = await setUp();
      await caller.bye({ sequenceNumber: 2_000_000_000 });
      await callee.takeBye();
    }),

    scenario(
      "a BYE with a body and unknown header fields is a BYE",
      { over: ["UDP", "TCP"] },
      async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.bye({
          body: "statistics",
          contentType: "application/vq-rtcpxr",
          headers: { "X-Quality": "5" },
        });
        await callee.takeBye();
      },
    ),

    scenario("a second BYE in another transaction gets 481 from a known carrier", {}, async ({ setUp }) => {
      const { caller, callee } = await setUp();
      await callee.bye();
      await caller.takeBye();
      await callee.send("BYE");
      await callee.expect("481 BYE");
    }),

    scenario(
      "a call that has lasted its time is ended both ways",
      { maximumDurationSeconds: 1 },
      async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.takeBye();
        await callee.takeBye();
      },
    ),

    scenario(
      "a BYE that meets a re-INVITE ends the call, and the re-INVITE gets 487",
      { over: everyTransport },
      async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        await callee.expect("INVITE");
        await callee.send("BYE");
        await callee.expect("200 BYE");
        await caller.refused(487);
        await caller.takeBye();
        callee.ignoreRest();
      },
    ),

    scenario(
      "a BYE of the side that is waiting for its own re-INVITE ends it with 487",
      {},
      async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        const offered = await callee.expect("INVITE");
        await caller.send("BYE");
        const [, refusal] = await caller.expectAll("200 BYE", "487 INVITE");
        if (refusal !== undefined) await caller.ack(refusal);
        await callee.takeBye();
        callee.respond(487, { to: offered });
        await callee.expect("ACK");
      },
    ),

    scenario(
      "a connection that is cut in a call is opened again for the BYE",
      { over: ["TCP", "TLS"] },
      async (scene) => {
        const { caller, callee } = await scene.setUp();
        scene.carrier.wire.dropConnections("reset");
        await scene.carrier.closed();
        await scene.pause(scene.t1Ms * 10);
        await caller.bye();
        await callee.takeBye();
      },
    ),

    scenario(
      "a customer whose connection was cut in a call gets its BYE by a new one",
      { over: ["TCP", "TLS"] },
      async (scene) => {
        const { caller, callee } = await scene.setUp();
        scene.customer.wire.dropConnections("end");
        await scene.customer.closed();
        await scene.pause(scene.t1Ms * 10);
        await callee.bye();
        await caller.takeBye();
      },
    ),
  ],
};
