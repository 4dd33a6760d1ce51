/** A carrier that fails: what is tried next, what is not, and what becomes of attempts that were given up. */
import assert from "node:assert/strict";
import type { Leg } from "../runner/leg.ts";
import { everyTransport, type Scene, scenario, type Theme } from "../runner/scenario.ts";

async function placed({ customer, carrier }: Scene): Promise<{ caller: Leg; callee: Leg }> {
  const caller = customer.dial();
  await caller.send("INVITE");
  return { caller, callee: await carrier.incoming() };
}

/** The second gateway of the carrier takes the call. */
async function secondAnswers(scene: Scene, caller: Leg): Promise<void> {
  const other = await scene.second.incoming();
  other.answer();
  await caller.answered();
  await other.expect("ACK");
  await scene.hangUp({ caller, callee: other });
}

const twoGateways = true;

export const failover: Theme = {
  name: "a carrier fails",
  network: "127.0.194",
  scenarios: [
    ...[400, 403, 408, 415, 420, 480, 488, 500, 501, 502, 503, 504, 505, 513, 580].map((statusCode) =>
      scenario(`${statusCode} of the first gateway: the second is tried`, { twoGateways }, async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(statusCode);
        await callee.expect("ACK");
        await secondAnswers(scene, caller);
      }),
    ),

    ...[410, 484, 486, 600, 603, 604, 606, 607].map((statusCode) =>
      scenario(`${statusCode} of the first gateway ends the call with it`, { twoGateways }, async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(statusCode);
        await callee.expect("ACK");
        await caller.refused(statusCode);
      }),
    ),

    scenario(
      "404 says that the number is unknown only with Q.850 cause 1",
      { twoGateways },
      async (scene) => {
        const first = await placed(scene);
        first.callee.respond(404);
        await first.callee.expect("ACK");
        await secondAnswers(scene, first.caller);
        const other = await placed(scene);
        other.callee.respond(404, { headers: { Reason: "Q.850;cause=1" } });
        await other.callee.expect("ACK");
        assert.match((await other.caller.refused(404)).value("Reason"), /^Q\.850;cause=1/);
      },
    ),

    scenario("480 with a cause of the called user is the end", { twoGateways }, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.respond(480, { headers: { Reason: 'Q.850;cause=19;text="No answer"' } });
      await callee.expect("ACK");
      assert.match((await caller.refused(480)).value("Reason"), /^Q\.850;cause=19/);
    }),

    scenario(
      "a silent gateway: the second is tried, and a late 180 of the first gets CANCEL",
      { twoGateways, firstResponseSeconds: 1 },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        const other = await scene.second.incoming();
        callee.respond(180);
        await callee.takeCancel();
        other.answer();
        await caller.answered();
        await other.expect("ACK");
        await scene.hangUp({ caller, callee: other });
      },
    ),

    scenario(
      "a late 200 of a gateway that was given up gets ACK and BYE: never two answered",
      { over: everyTransport, twoGateways, firstResponseSeconds: 1 },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        const other = await scene.second.incoming();
        other.answer();
        await caller.answered();
        await other.expect("ACK");
        callee.answer({ to: callee.invite! });
        await callee.expect("ACK");
        await callee.takeBye();
        await scene.hangUp({ caller, callee: other });
      },
    ),

    scenario(
      "100 and then nothing: CANCEL, and the second is tried",
      { over: ["UDP", "TCP"], twoGateways, progressSeconds: 1 },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(100);
        await callee.takeCancel();
        await secondAnswers(scene, caller);
      },
    ),

    scenario(
      "ringing for too long ends the call: what alerted once is not tried elsewhere",
      { twoGateways, ringSeconds: 1 },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(180);
        await caller.expect(180);
        await callee.takeCancel();
        await caller.refused(408);
      },
    ),

    scenario(
      "a connection that is refused: the second is tried at once",
      { over: ["TCP", "TLS"], twoGateways, deaf: "carrier" },
      async (scene) => {
        const caller = scene.customer.dial();
        await caller.send("INVITE");
        await secondAnswers(scene, caller);
      },
    ),

    scenario(
      "a server failure behind the ringing moves the call, a busy user does not",
      { twoGateways },
      async (scene) => {
        const first = await placed(scene);
        first.callee.respond(180);
        await first.caller.expect(180);
        first.callee.respond(503);
        await first.callee.expect("ACK");
        await secondAnswers(scene, first.caller);
      },
    ),

    scenario("busy behind the ringing ends the call", { twoGateways }, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.respond(180);
      await caller.expect(180);
      callee.respond(486);
      await callee.expect("ACK");
      await caller.refused(486);
    }),

    scenario(
      "500 with a cause of the called user behind the ringing ends the call",
      { twoGateways },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(183, { body: callee.offer });
        await caller.expect(183);
        callee.respond(500, { headers: { Reason: "Q.850;cause=17" } });
        await callee.expect("ACK");
        await caller.refused(500);
      },
    ),

    scenario(
      "each attempt rings with a To tag of its own, and the relay port stays",
      { twoGateways },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(183, { body: callee.offer });
        const first = await caller.expect(183);
        callee.respond(500);
        await callee.expect("ACK");
        const other = await scene.second.incoming();
        other.respond(183, { body: other.offer });
        const next = await caller.expect(183);
        assert.notEqual(next.toTag, first.toTag);
        const port = (body: string): string | undefined => /^m=audio (\d+)/m.exec(body)?.[1];
        assert.equal(port(next.body), port(first.body));
        other.answer();
        await caller.answered();
        await other.expect("ACK");
        await scene.hangUp({ caller, callee: other });
      },
    ),

    scenario(
      "503 with Retry-After: the next call goes to the second gateway at once",
      { twoGateways },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(503, { headers: { "Retry-After": "60" } });
        await callee.expect("ACK");
        await secondAnswers(scene, caller);
        const again = scene.customer.dial();
        await again.send("INVITE");
        await secondAnswers(scene, again);
      },
    ),

    scenario(
      "when all gateways say 503 the caller hears 500",
      { over: ["UDP", "TCP"], twoGateways },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(503);
        await callee.expect("ACK");
        const other = await scene.second.incoming();
        other.respond(503);
        await other.expect("ACK");
        await caller.refused(500);
      },
    ),

    scenario("the best response is passed on: 6xx before 4xx before 5xx", { twoGateways }, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.respond(500);
      await callee.expect("ACK");
      const other = await scene.second.incoming();
      other.respond(480);
      await other.expect("ACK");
      await caller.refused(480);
    }),

    scenario(
      "a carrier's challenge is never shown to the caller",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        for (const statusCode of [401, 407]) {
          const { caller, callee } = await placed(scene);
          const name = statusCode === 401 ? "WWW-Authenticate" : "Proxy-Authenticate";
          callee.respond(statusCode, { headers: { [name]: 'Digest realm="carrier", nonce="n1"' } });
          await callee.expect("ACK");
          assert.equal((await caller.refused(500)).value(name), "");
        }
      },
    ),

    ...[401, 407].map((statusCode) =>
      scenario(
        `${statusCode} is answered once; a second one is a failure`,
        { carrierCredentials: true },
        async (scene) => {
          const { caller, callee } = await placed(scene);
          const isProxy = statusCode === 407;
          const challenge = {
            [isProxy ? "Proxy-Authenticate" : "WWW-Authenticate"]:
              'Digest realm="carrier", nonce="n1", qop="auth"',
          };
          callee.respond(statusCode, { headers: challenge });
          await callee.expect("ACK");
          const again = await callee.expect("INVITE");
          assert.equal(again.sequenceNumber, 2);
          assert.equal(again.fromTag, callee.invite!.fromTag);
          assert.match(
            again.value(isProxy ? "Proxy-Authorization" : "Authorization"),
            /username="tandem".*nonce="n1".*response="[0-9a-f]{32}"/,
          );
          callee.respond(statusCode, { headers: challenge });
          await callee.expect("ACK");
          await caller.refused(500);
        },
      ),
    ),

    scenario(
      "422 is answered once with its Min-SE; a carrier that says it for ever is left",
      { over: ["UDP"], twoGateways },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(422, { headers: { "Min-SE": "1800" } });
        await callee.expect("ACK");
        const again = await callee.expect("INVITE");
        assert.equal(again.value("Min-SE"), "1800");
        callee.respond(422, { headers: { "Min-SE": "3600" } });
        await callee.expect("ACK");
        await secondAnswers(scene, caller);
      },
    ),

    scenario("422 without a Min-SE is a failure", { twoGateways }, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.respond(422);
      await callee.expect("ACK");
      await secondAnswers(scene, caller);
    }),

    scenario(
      "491 is tried again once after 2.1 to 4 seconds; a storm of them is left",
      { twoGateways },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(491);
        await callee.expect("ACK");
        const refusedMs = performance.now();
        await callee.expect("INVITE");
        assert.ok(performance.now() - refusedMs > 2000, "the same INVITE came too soon");
        callee.respond(491);
        await callee.expect("ACK");
        await secondAnswers(scene, caller);
      },
    ),

    ...[300, 301, 302, 305, 380].map((statusCode) =>
      scenario(
        `a carrier's ${statusCode} is not followed: the second is tried`,
        { twoGateways },
        async (scene) => {
          const { caller, callee } = await placed(scene);
          callee.respond(statusCode, {
            headers: { Contact: `<sip:elsewhere@${scene.carrier.address}:1>;q=0.9` },
          });
          await callee.expect("ACK");
          await secondAnswers(scene, caller);
        },
      ),
    ),

    scenario(
      "a carrier whose connection dies behind its 100 is given up when its time is over",
      { over: ["TCP", "TLS"], twoGateways, progressSeconds: 1 },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(100);
        await scene.pause(scene.t1Ms * 4);
        scene.carrier.wire.dropConnections("reset");
        await secondAnswers(scene, caller);
        callee.ignoreRest();
      },
    ),
  ],
};
