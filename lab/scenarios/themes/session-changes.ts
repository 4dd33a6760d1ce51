/** What changes while a call is up: re-INVITEs, their races, and the other requests inside the dialog. */
import assert from "node:assert/strict";
import { everyTransport, scenario, type Theme } from "../runner/scenario.ts";

export const sessionChanges: Theme = {
  name: "a call changes while it is up",
  network: "127.0.195",
  scenarios: [
    scenario(
      "hold and resume reach the other side and come back",
      { over: everyTransport },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        const steps = [
          ["sendonly", "recvonly"],
          ["inactive", "inactive"],
          ["sendrecv", "sendrecv"],
        ] as const;
        for (const [index, [asked, answered]] of steps.entries()) {
          await caller.send("INVITE", { body: caller.offerAgain(index + 2, asked) });
          assert.match((await callee.expect("INVITE")).body, new RegExp(`^a=${asked}\\r$`, "m"));
          callee.answer({ body: callee.offerAgain(index + 2, answered) });
          assert.match((await caller.answered()).body, new RegExp(`^a=${answered}\\r$`, "m"));
          await callee.expect("ACK");
        }
        await scene.hangUp(call);
      },
    ),

    scenario("the callee may hold, too", { over: everyTransport }, async (scene) => {
      const call = await scene.setUp();
      const { caller, callee } = call;
      await callee.send("INVITE", { body: callee.offerAgain(2, "sendonly") });
      assert.match((await caller.expect("INVITE")).body, /^a=sendonly\r$/m);
      caller.answer({ body: caller.offerAgain(2, "recvonly") });
      await callee.answered();
      await caller.expect("ACK");
      await scene.hangUp(call);
    }),

    scenario(
      "a re-INVITE without an offer gets the other side's, and its ACK the answer",
      { over: everyTransport },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        await caller.send("INVITE", { body: "" });
        assert.equal((await callee.expect("INVITE")).body, "");
        callee.answer({ body: callee.offerAgain(2, "sendrecv") });
        const offer = await caller.expect("200 INVITE");
        await caller.ack(offer, { body: caller.offerAgain(2, "sendrecv") });
        assert.match((await callee.expect("ACK")).body, /^m=audio/m);
        await scene.hangUp(call);
      },
    ),

    ...[400, 403, 415, 480, 488, 500, 503, 606].map((statusCode) =>
      scenario(`a re-INVITE refused with ${statusCode} leaves the call as it was`, {}, async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        await callee.expect("INVITE");
        callee.respond(statusCode);
        await callee.expect("ACK");
        await caller.refused(statusCode);
        await scene.hangUp(call);
      }),
    ),

    ...[302, 401, 407].map((statusCode) =>
      scenario(
        `a re-INVITE answered with ${statusCode} is refused with 500: it is not the sender's to follow`,
        {},
        async (scene) => {
          const call = await scene.setUp();
          const { caller, callee } = call;
          await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
          await callee.expect("INVITE");
          callee.respond(statusCode, { headers: { Contact: "<sip:elsewhere@192.0.2.1>" } });
          await callee.expect("ACK");
          await caller.refused(500);
          await scene.hangUp(call);
        },
      ),
    ),

    scenario(
      "a re-INVITE that the carrier challenges is answered with its password",
      { carrierCredentials: true },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        await callee.expect("INVITE");
        callee.respond(407, {
          headers: { "Proxy-Authenticate": 'Digest realm="carrier", nonce="n1", qop="auth"' },
        });
        await callee.expect("ACK");
        assert.match((await callee.expect("INVITE")).value("Proxy-Authorization"), /username="tandem"/);
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp(call);
      },
    ),

    scenario(
      "481 to a re-INVITE: that side has lost the call, so it is over",
      { over: ["UDP", "TCP"] },
      async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        await callee.expect("INVITE");
        callee.respond(481);
        await callee.expect("ACK");
        await caller.refused(481);
        await caller.takeBye();
        await callee.takeBye();
      },
    ),

    scenario(
      "a re-INVITE that nobody answers gets 408 after 64 T1, and the call ends",
      { over: ["UDP", "TCP"] },
      async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        await callee.expect("INVITE");
        await caller.refused(408);
        await caller.takeBye();
        await callee.takeBye();
      },
    ),

    scenario(
      "glare: both sides send a re-INVITE, both get 491, and one tries again",
      { over: everyTransport },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        const crossing = await callee.expect("INVITE");
        await callee.send("INVITE", { body: callee.offerAgain(2, "sendonly") });
        await callee.refused(491);
        callee.respond(491, { to: crossing });
        await callee.expect("ACK");
        await caller.refused(491);
        await caller.send("INVITE", { body: caller.offerAgain(3, "sendonly") });
        await callee.expect("INVITE");
        callee.answer({ body: callee.offerAgain(3, "recvonly") });
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp(call);
      },
    ),

    scenario("a storm of 491 harms nothing", {}, async (scene) => {
      const call = await scene.setUp();
      const { caller, callee } = call;
      for (let version = 2; version < 12; version += 1) {
        await caller.send("INVITE", { body: caller.offerAgain(version, "sendonly") });
        await callee.expect("INVITE");
        callee.respond(491);
        await callee.expect("ACK");
        await caller.refused(491);
      }
      await scene.hangUp(call);
    }),

    scenario(
      "a second re-INVITE of the same side while the first is open gets 500 with Retry-After",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        const first = await callee.expect("INVITE");
        const second = await caller.send("INVITE", { body: caller.offerAgain(3, "inactive") });
        const refusal = await caller.expect("500 INVITE");
        assert.equal(refusal.sequenceNumber, second.sequenceNumber);
        assert.match(refusal.value("Retry-After"), /^(?:\d|10)$/);
        await caller.ack(refusal);
        callee.answer({ to: first, body: callee.offerAgain(2, "recvonly") });
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp(call);
      },
    ),

    scenario("a re-INVITE that comes again is one re-INVITE", { over: ["UDP"] }, async (scene) => {
      const call = await scene.setUp();
      const { caller, callee } = call;
      const invite = await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
      await callee.expect("INVITE");
      await caller.again(invite);
      callee.answer({ body: callee.offerAgain(2, "recvonly") });
      const answer = await caller.expect("200 INVITE");
      await caller.again(invite);
      await scene.customer.repeated(answer);
      await caller.ack(answer);
      await callee.expect("ACK");
      await scene.hangUp(call);
    }),

    scenario(
      "a re-INVITE whose 200 is never acknowledged ends the call",
      { over: ["UDP", "TCP"] },
      async ({ setUp }) => {
        const { caller, callee } = await setUp();
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        await callee.expect("INVITE");
        callee.answer({ body: callee.offerAgain(2, "recvonly") });
        await caller.expect("200 INVITE");
        await callee.expect("ACK");
        await caller.takeBye();
        await callee.takeBye();
      },
    ),

    scenario(
      "a CANCEL of a re-INVITE reaches the other side, and the call stays",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        const offered = await callee.expect("INVITE");
        callee.respond(180);
        await caller.cancel();
        await caller.expect("200 CANCEL");
        const cancelled = await callee.expect("CANCEL");
        callee.respond(200, { to: cancelled });
        callee.respond(487, { to: offered });
        await callee.expect("ACK");
        await caller.refused(487);
        await scene.hangUp(call);
      },
    ),

    scenario(
      "a re-INVITE with a body that is no session description is refused with 415, a malformed one with 400",
      {},
      async (scene) => {
        const call = await scene.setUp();
        const { caller } = call;
        await caller.send("INVITE", { body: "<x/>", contentType: "application/xml" });
        assert.equal((await caller.refused(415)).value("Accept"), "application/sdp");
        await caller.send("INVITE", { body: "v=0\r\nnonsense" });
        await caller.refused(400);
        await scene.hangUp(call);
      },
    ),

    scenario("a re-INVITE out of order gets 500 and changes nothing", {}, async (scene) => {
      const call = await scene.setUp();
      await call.caller.send("INVITE", { sequenceNumber: 0 });
      await call.caller.refused(500);
      await scene.hangUp(call);
    }),

    scenario(
      "a re-INVITE that adds video, and one that takes it away, pass with a port for each",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        for (const port of [50_000, 0]) {
          const video = `m=video ${port} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n`;
          await caller.send("INVITE", { body: caller.offerAgain(2, "sendrecv") + video });
          const offered = await callee.expect("INVITE");
          const passed = Number(/^m=video (\d+)/m.exec(offered.body)?.[1]);
          assert.equal(passed > 0, port > 0);
          callee.answer({ body: callee.offerAgain(2, "sendrecv") + video });
          await caller.answered();
          await callee.expect("ACK");
        }
        await scene.hangUp(call);
      },
    ),

    scenario(
      "a re-INVITE moves the target: what follows goes to the new Contact",
      { over: ["UDP"] },
      async (scene) => {
        const { caller, callee } = await scene.setUp();
        const moved = `<sip:moved@${scene.second.address}:${scene.second.port}>`;
        await callee.send("INVITE", { body: callee.offerAgain(2, "sendrecv"), headers: { Contact: moved } });
        await caller.expect("INVITE");
        caller.answer();
        await callee.answered();
        await caller.expect("ACK");
        await caller.bye();
        const bye = await scene.second.expect("BYE");
        assert.equal(bye.requestUri, moved.slice(1, -1));
        bye.reply(callee.response(200, { to: bye }));
      },
    ),

    scenario("OPTIONS inside the dialog is answered at once", { over: everyTransport }, async (scene) => {
      const call = await scene.setUp();
      await call.caller.send("OPTIONS");
      assert.match((await call.caller.expect("200 OPTIONS")).value("Allow"), /INVITE/);
      await scene.hangUp(call);
    }),

    ...(["INFO", "MESSAGE", "NOTIFY"] as const).map((method) =>
      scenario(
        `${method} inside the dialog reaches the other side with its body, and the answer comes back`,
        { over: ["UDP", "TCP"] },
        async (scene) => {
          const call = await scene.setUp();
          const { caller, callee } = call;
          await caller.send(method, {
            body: "Signal=5\r\nDuration=160\r\n",
            contentType: "application/dtmf-relay",
          });
          const heard = await callee.expect(method);
          assert.equal(heard.body, "Signal=5\r\nDuration=160\r\n");
          callee.respond(200);
          await caller.expect(`200 ${method}`);
          await callee.send(method);
          await caller.expect(method);
          caller.respond(405);
          await callee.expect(`405 ${method}`);
          await scene.hangUp(call);
        },
      ),
    ),

    scenario(
      "a method that we do not carry gets 405 with Allow, a PRACK 481, and the call stays",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const call = await scene.setUp();
        for (const method of ["PUBLISH", "SUBSCRIBE", "FROBNICATE"]) {
          await call.caller.send(method);
          assert.match((await call.caller.expect(`405 ${method}`)).value("Allow"), /INVITE/);
        }
        await call.callee.send("PRACK", { headers: { RAck: "1 1 INVITE" } });
        await call.callee.expect("481 PRACK");
        await scene.hangUp(call);
      },
    ),

    scenario("an INFO that nobody answers gets 500, and the call ends", {}, async ({ setUp }) => {
      const { caller, callee } = await setUp();
      await caller.send("INFO");
      await callee.expect("INFO");
      await caller.expect("500 INFO");
      await caller.takeBye();
      await callee.takeBye();
    }),

    scenario(
      "ten INFOs that overtake one another are all answered",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const call = await scene.setUp();
        const { caller, callee } = call;
        for (let times = 0; times < 10; times += 1)
          await caller.send("INFO", { body: `${times}`, contentType: "text/plain" });
        const heard = [];
        for (let times = 0; times < 10; times += 1) heard.push(await callee.expect("INFO"));
        for (const one of heard.toReversed()) callee.respond(200, { to: one });
        for (let times = 0; times < 10; times += 1) await caller.expect("200 INFO");
        await scene.hangUp(call);
      },
    ),

    scenario("a request inside the dialog that requires an unknown extension gets 420", {}, async (scene) => {
      const call = await scene.setUp();
      await call.caller.send("INFO", { headers: { Require: "x-unheard-of" } });
      assert.equal((await call.caller.expect("420 INFO")).value("Unsupported"), "x-unheard-of");
      await scene.hangUp(call);
    }),
  ],
};
