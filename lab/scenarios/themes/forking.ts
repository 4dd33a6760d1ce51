/** What a carrier's responses look like when the INVITE was forked behind it, or when they are not as they should be. */
import assert from "node:assert/strict";
import type { Leg } from "../runner/leg.ts";
import { everyTransport, type Scene, scenario, type Theme } from "../runner/scenario.ts";

/** A call of the customer that has reached the carrier. */
async function placed({ customer, carrier }: Scene): Promise<{ caller: Leg; callee: Leg }> {
  const caller = customer.dial();
  await caller.send("INVITE");
  return { caller, callee: await carrier.incoming() };
}

export const forking: Theme = {
  name: "responses of forks, and odd ones",
  network: "127.0.193",
  scenarios: [
    scenario(
      "two ringing forks are two early dialogs for the caller",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(180, { toTag: "fork-a" });
        const first = await caller.expect(180);
        callee.respond(183, { toTag: "fork-b", body: callee.offer });
        const other = await caller.expect(183);
        assert.notEqual(first.toTag, other.toTag);
        assert.match(other.body, /^m=audio/m);
        callee.respond(200, { toTag: "fork-b", body: callee.offer });
        const answer = await caller.answered();
        assert.equal(answer.toTag, other.toTag);
        await callee.expect("ACK");
        callee.localTag = "fork-b";
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario(
      "of two forks that answer the first has the call, the second gets ACK and BYE",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.answer({ toTag: "fork-a" });
        await caller.answered();
        assert.equal((await callee.expect("ACK")).toTag, "fork-a");
        callee.answer({ toTag: "fork-b", to: callee.invite! });
        assert.equal((await callee.expect("ACK")).toTag, "fork-b");
        assert.equal((await callee.takeBye()).toTag, "fork-b");
        callee.localTag = "fork-a";
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario("a surplus 200 that comes again gets its ACK again and no second BYE", {}, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.answer({ toTag: "fork-a" });
      await caller.answered();
      await callee.expect("ACK");
      const surplus = callee.answer({ toTag: "fork-b", to: callee.invite! });
      const ack = await callee.expect("ACK");
      await callee.takeBye();
      callee.invite!.reply(surplus);
      await scene.carrier.repeated(ack);
      callee.localTag = "fork-a";
      await scene.hangUp({ caller, callee });
    }),

    scenario("a 180 of another fork behind the 200 is not passed on", {}, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.answer({ toTag: "fork-a" });
      await caller.answered();
      await callee.expect("ACK");
      callee.respond(180, { toTag: "fork-b", to: callee.invite! });
      callee.localTag = "fork-a";
      await scene.hangUp({ caller, callee });
    }),

    scenario("a 183 without a To tag is early media all the same", {}, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.respond(183, { toTag: "", body: callee.offer });
      const early = await caller.expect(183);
      assert.notEqual(early.toTag, "");
      assert.match(early.body, /^m=audio/m);
      callee.answer();
      await caller.answered();
      await callee.expect("ACK");
      await scene.hangUp({ caller, callee });
    }),

    scenario(
      "a 200 without a To tag (RFC 2543) is a call, with no tag in ACK and BYE",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.answer({ toTag: "" });
        await caller.answered();
        assert.equal((await callee.expect("ACK")).toTag, "");
        await caller.bye();
        assert.equal((await callee.takeBye()).toTag, "");
      },
    ),

    scenario(
      "a 200 without a Contact fails with ACK and BYE, and the caller hears 500",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.answer({ headers: { Contact: null } });
        await callee.expect("ACK");
        await callee.takeBye();
        await caller.refused(500);
      },
    ),

    scenario("a 200 with a Contact that is no SIP URI fails with ACK and BYE", {}, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.answer({ headers: { Contact: "<tel:+15550100>" } });
      await callee.expect("ACK");
      await callee.takeBye();
      await caller.refused(500);
    }),

    scenario(
      "a 200 without a session description, and none before it, is refused with 502",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(200);
        await callee.expect("ACK");
        await callee.takeBye();
        await caller.refused(502);
      },
    ),

    ...["v=0", "hello", "v=0\r\no=- 1 1 IN IP4 nowhere\r\ns=-\r\nt=0 0\r\nm=audio x RTP/AVP 0\r\n"].map(
      (body, index) =>
        scenario(
          `a 200 with an answer that is none (${index + 1}) is refused with 502`,
          {},
          async (scene) => {
            const { caller, callee } = await placed(scene);
            callee.answer({ body });
            await callee.expect("ACK");
            await callee.takeBye();
            await caller.refused(502);
          },
        ),
    ),

    scenario("an answer in the 183 holds when the 200 has none", { over: ["UDP", "TLS"] }, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.respond(183, { body: callee.offer });
      const early = await caller.expect(183);
      callee.respond(200);
      const answer = await caller.answered();
      const media = (body: string): string | undefined => /^m=.*$/m.exec(body)?.[0];
      assert.equal(media(answer.body), media(early.body));
      await callee.expect("ACK");
      await scene.hangUp({ caller, callee });
    }),

    scenario(
      "early media does not fail a call whose 183 has a body that is no session description",
      {},
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(183, { body: "<isup/>", contentType: "application/xml" });
        assert.equal((await caller.expect(183)).body, "");
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario(
      "every kind of provisional response reaches the caller",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(100);
        for (const statusCode of [181, 182, 180, 183, 199, 155]) {
          callee.respond(statusCode);
          await caller.expect(statusCode);
        }
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario(
      "a 180 that is repeated every minute reaches the caller each time it is another one",
      {},
      async (scene) => {
        const { caller, callee } = await placed(scene);
        for (let times = 1; times <= 3; times += 1) {
          callee.respond(180, { headers: { "X-Times": String(times) } });
          assert.equal((await caller.expect(180)).value("X-Times"), String(times));
        }
        await caller.giveUp();
        await callee.takeCancel();
      },
    ),

    scenario("a 100 with a To tag and a Contact is a 100", {}, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.respond(100, { toTag: "early", headers: { Contact: scene.carrier.contact } });
      callee.answer();
      await caller.answered();
      await callee.expect("ACK");
      await scene.hangUp({ caller, callee });
    }),

    scenario(
      "a response of another transaction, or with another sent-by, is nobody's",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        const via = callee.invite!.value("Via");
        for (const wrong of [
          via.replace(/branch=[^;]*/, "branch=z9hG4bKelse"),
          via.replace(/127[\d.]+/, "192.0.2.1"),
        ]) {
          callee.respond(486, { headers: { Via: wrong } });
        }
        callee.respond(486, { headers: { CSeq: "1 OPTIONS" } });
        callee.respond(486, { headers: { Via: [via, via] } });
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario(
      "a response without mandatory header fields is dropped",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        for (const name of ["From", "To", "Call-ID", "CSeq", "Via"]) {
          callee.respond(486, { headers: { [name]: null } });
        }
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario(
      "a final response that comes again is acknowledged again and told once",
      { over: ["UDP"] },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        const busy = callee.respond(486);
        const ack = await callee.expect("ACK");
        assert.equal(ack.branch, callee.invite!.branch);
        callee.invite!.reply(busy);
        await scene.carrier.repeated(ack);
        await caller.refused(486);
      },
    ),

    scenario("a 200 with a reason phrase in UTF-8, and one with none, are answers", {}, async (scene) => {
      for (const reasonPhrase of [Buffer.from("gut — 好").toString("latin1"), ""]) {
        const { caller, callee } = await placed(scene);
        callee.answer({ reasonPhrase });
        assert.equal((await caller.answered()).reasonPhrase, reasonPhrase === "" ? "" : reasonPhrase);
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      }
    }),
  ],
};
