/** Who is heard, who is asked for a password, and what becomes of nonces that are old, wrong or used up. */
import assert from "node:assert/strict";
import { digestAnswer } from "../runner/digest.ts";
import type { Leg } from "../runner/leg.ts";
import { everyTransport, type Scene, scenario, type Theme } from "../runner/scenario.ts";
import { trunkCredentials } from "../runner/stand-addresses.ts";

interface Challenged {
  readonly caller: Leg;
  readonly challenge: string;
  /** Proxy-Authorization for the next INVITE. */
  readonly answer: (changes?: {
    password?: string;
    username?: string;
    nonceCount?: number;
  }) => Record<string, string>;
}

async function challenged({ customer }: Scene, caller: Leg = customer.dial()): Promise<Challenged> {
  await caller.send("INVITE");
  const challenge = (await caller.refused(407)).value("Proxy-Authenticate");
  caller.remoteTag = "";
  const wishes = { method: "INVITE", uri: customer.dials, ...trunkCredentials };
  return {
    caller,
    challenge,
    answer: (changes = {}) => ({ "Proxy-Authorization": digestAnswer(challenge, { ...wishes, ...changes }) }),
  };
}

const withPassword = true;

export const authentication: Theme = {
  name: "who is heard",
  network: "127.0.197",
  scenarios: [
    scenario(
      "a trunk with a password: 407, the answer, a call; nothing later is challenged",
      { over: everyTransport, withPassword },
      async (scene) => {
        const { caller, answer } = await challenged(scene);
        await caller.send("INVITE", { headers: answer() });
        const callee = await scene.carrier.incoming();
        assert.equal(callee.invite!.value("Proxy-Authorization"), "");
        callee.respond(180);
        await caller.expect(180);
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await caller.send("INVITE", { body: caller.offerAgain(2, "sendonly") });
        await callee.expect("INVITE");
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario("a CANCEL of an authenticated call needs no password", { withPassword }, async (scene) => {
      const { caller, answer } = await challenged(scene);
      await caller.send("INVITE", { headers: answer() });
      const callee = await scene.carrier.incoming();
      callee.respond(180);
      await caller.expect(180);
      await caller.giveUp();
      await callee.takeCancel();
    }),

    scenario(
      "the challenge names realm, nonce and qop, and no algorithm",
      { withPassword },
      async (scene) => {
        const { challenge } = await challenged(scene);
        assert.match(challenge, /^Digest /);
        assert.match(challenge, /realm="tandem\.test"/);
        assert.match(challenge, /nonce="[^"]+"/);
        assert.match(challenge, /qop="auth"/);
        assert.doesNotMatch(challenge, /algorithm|stale/);
      },
    ),

    scenario(
      "a wrong password is refused with 403, and not asked for again",
      { over: ["UDP", "TCP"], withPassword },
      async (scene) => {
        const { caller, answer } = await challenged(scene);
        await caller.send("INVITE", { headers: answer({ password: "guess" }) });
        assert.equal((await caller.refused(403)).value("Proxy-Authenticate"), "");
      },
    ),

    scenario("an unknown user is refused with 403", { withPassword }, async (scene) => {
      const { caller, answer } = await challenged(scene);
      await caller.send("INVITE", { headers: answer({ username: "somebody" }) });
      await caller.refused(403);
    }),

    scenario(
      "a client that answers wrongly for ever is refused each time",
      { withPassword },
      async (scene) => {
        const { caller, answer } = await challenged(scene);
        for (let nonceCount = 1; nonceCount <= 4; nonceCount += 1) {
          await caller.send("INVITE", { headers: answer({ password: `guess ${nonceCount}`, nonceCount }) });
          await caller.refused(403);
          caller.remoteTag = "";
        }
      },
    ),

    scenario(
      "a nonce count that was used is stale: 407, and the new nonce works",
      { withPassword },
      async (scene) => {
        const first = await challenged(scene);
        await first.caller.send("INVITE", { headers: first.answer() });
        const callee = await scene.carrier.incoming();
        callee.respond(486);
        await callee.expect("ACK");
        await first.caller.refused(486);
        const caller = scene.customer.dial();
        await caller.send("INVITE", { headers: first.answer() });
        const stale = (await caller.refused(407)).value("Proxy-Authenticate");
        assert.match(stale, /stale=true/i);
        caller.remoteTag = "";
        const wishes = { method: "INVITE", uri: scene.customer.dials, ...trunkCredentials };
        await caller.send("INVITE", { headers: { "Proxy-Authorization": digestAnswer(stale, wishes) } });
        const again = await scene.carrier.incoming();
        again.respond(486);
        await again.expect("ACK");
        await caller.refused(486);
      },
    ),

    scenario(
      "the same nonce with a higher count is good for a second call",
      { withPassword },
      async (scene) => {
        const { caller, answer } = await challenged(scene);
        for (const nonceCount of [1, 2]) {
          const leg = nonceCount === 1 ? caller : scene.customer.dial();
          await leg.send("INVITE", { headers: answer({ nonceCount }) });
          const callee = await scene.carrier.incoming();
          callee.respond(486);
          await callee.expect("ACK");
          await leg.refused(486);
        }
      },
    ),

    scenario("a nonce that nobody issued is stale: 407 with another one", { withPassword }, async (scene) => {
      const { caller, challenge } = await challenged(scene);
      const wishes = { method: "INVITE", uri: scene.customer.dials, ...trunkCredentials };
      const forged = challenge.replace(/nonce="[^"]*"/, 'nonce="ffffffffffffffff"');
      await caller.send("INVITE", { headers: { "Proxy-Authorization": digestAnswer(forged, wishes) } });
      assert.match((await caller.refused(407)).value("Proxy-Authenticate"), /nonce="(?!f{16})/);
    }),

    scenario("an answer for another realm is no answer: 407", { withPassword }, async (scene) => {
      const { caller, challenge } = await challenged(scene);
      const wishes = { method: "INVITE", uri: scene.customer.dials, ...trunkCredentials };
      const other = challenge.replace(/realm="[^"]*"/, 'realm="elsewhere"');
      await caller.send("INVITE", { headers: { "Proxy-Authorization": digestAnswer(other, wishes) } });
      await caller.refused(407);
    }),

    ...["Digest", "Basic dXNlcjpwYXNz", 'Digest username="pbx', "Digest realm=,,,"].map((value) =>
      scenario(
        `credentials that are none (${value}) are refused and harm nothing`,
        { withPassword },
        async (scene) => {
          const caller = scene.customer.dial();
          await caller.send("INVITE", { headers: { "Proxy-Authorization": value } });
          const refusal = await caller.expect(
            /^(?:Basic.*|Digest)$/.test(value) ? "407 INVITE" : "400 INVITE",
          );
          await caller.ack(refusal);
        },
      ),
    ),

    scenario(
      "a name that is no trunk's gets nothing over UDP and a closed connection over TCP and TLS",
      { over: everyTransport },
      async (scene) => {
        const caller = scene.customer.dial("sip:+15550100@nobody.pstn.tandem.test");
        await caller.send("INVITE");
        if (scene.protocol === "UDP") await scene.customer.silence(scene.t1Ms * 8);
        else await scene.customer.closed();
      },
    ),

    scenario(
      "OPTIONS to a trunk's name is answered, and tells what we take",
      { over: everyTransport },
      async (scene) => {
        const probe = scene.customer.dial();
        await probe.send("OPTIONS");
        const answer = await probe.expect("200 OPTIONS");
        assert.match(answer.value("Allow"), /^INVITE, ACK, CANCEL, BYE/);
        assert.equal(answer.value("Accept"), "application/sdp");
      },
    ),

    ...(["BYE", "UPDATE", "INFO", "NOTIFY"] as const).map((method) =>
      scenario(`${method} outside a dialog gets 481`, { over: ["UDP", "TCP"] }, async ({ customer }) => {
        const caller = customer.dial();
        await caller.send(method);
        await caller.expect(`481 ${method}`);
      }),
    ),

    ...(["REGISTER", "SUBSCRIBE", "PUBLISH", "MESSAGE"] as const).map((method) =>
      scenario(
        `${method} outside a dialog gets 405 with Allow`,
        { over: method === "REGISTER" ? everyTransport : ["UDP"] },
        async (scene) => {
          const caller = scene.customer.dial();
          await caller.send(method);
          assert.match((await caller.expect(`405 ${method}`)).value("Allow"), /^INVITE/);
        },
      ),
    ),

    scenario("REFER outside a dialog is refused: it has no call to transfer", {}, async ({ customer }) => {
      const caller = customer.dial();
      await caller.send("REFER", { headers: { "Refer-To": "<sip:+15550199@192.0.2.1>" } });
      await caller.expect("403 REFER");
    }),

    scenario("a method that nobody knows gets 501", { over: everyTransport }, async (scene) => {
      const caller = scene.customer.dial();
      await caller.send("FROBNICATE");
      await caller.expect("501 FROBNICATE");
    }),

    scenario(
      "a carrier's call to a number that is nobody's gets 404, to what is no number 400, to a tel URI 416",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        for (const [uri, statusCode] of [
          [`sip:+15559999999@${scene.gateway.forCarriers}`, 404],
          [`sip:anybody@${scene.gateway.forCarriers}`, 400],
          ["tel:+15559999999", 416],
        ] as const) {
          const caller = scene.carrier.dial(uri);
          await caller.send("INVITE");
          await caller.refused(statusCode);
        }
      },
    ),
  ],
};
