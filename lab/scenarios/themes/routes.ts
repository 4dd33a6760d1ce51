/** Record-Route, Contact and what else says where the next request goes; and requests that come by several ways. */
import assert from "node:assert/strict";
import type { Leg } from "../runner/leg.ts";
import { everyTransport, type Scene, scenario, type Theme } from "../runner/scenario.ts";

async function placed(
  { customer, carrier }: Scene,
  headers: Record<string, string | readonly string[]> = {},
): Promise<{ caller: Leg; callee: Leg }> {
  const caller = customer.dial();
  await caller.send("INVITE", { headers });
  return { caller, callee: await carrier.incoming() };
}

/** Contact of a carrier that was answered with `contact`: Request-URI of the ACK and of the BYE. */
async function contactOf(scene: Scene, contact: string): Promise<readonly string[]> {
  const { caller, callee } = await placed(scene);
  callee.answer({ headers: { Contact: contact } });
  await caller.answered();
  const ack = await callee.expect("ACK");
  await caller.bye();
  return [ack.requestUri, (await callee.takeBye()).requestUri];
}

export const routes: Theme = {
  name: "where requests go",
  network: "127.0.190",
  firstHost: 100,
  scenarios: [
    scenario(
      "two loose routers of the carrier's stand in the Route of ACK and BYE, the nearest first",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        const { address, port } = scene.carrier;
        const transport = scene.protocol === "UDP" ? "" : `;transport=${scene.protocol.toLowerCase()}`;
        const near = `<sip:${address}:${port}${transport};lr>`;
        const far = "<sip:far.carrier.example;lr;x=y>";
        callee.answer({ headers: { "Record-Route": [far, near], Contact: "<sip:user@192.0.2.7:5070>" } });
        await caller.answered();
        const ack = await callee.expect("ACK");
        assert.equal(ack.requestUri, "sip:user@192.0.2.7:5070");
        assert.deepEqual(ack.values("Route"), [near, far]);
        await caller.bye();
        assert.deepEqual((await callee.takeBye()).values("Route"), [near, far]);
      },
    ),

    scenario("a Record-Route of several values in one row is the same", {}, async (scene) => {
      const { caller, callee } = await placed(scene);
      const near = `<sip:${scene.carrier.address}:${scene.carrier.port};lr>`;
      callee.answer({ headers: { "Record-Route": `<sip:far.example;lr>, ${near}` } });
      await caller.answered();
      assert.equal((await callee.expect("ACK")).values("Route").join(", "), `${near}, <sip:far.example;lr>`);
      await caller.bye();
      await callee.takeBye();
    }),

    scenario(
      "a strict router is the Request-URI, and the Contact stands last in the Route",
      {},
      async (scene) => {
        const { caller, callee } = await placed(scene);
        const strict = `sip:${scene.carrier.address}:${scene.carrier.port}`;
        callee.answer({ headers: { "Record-Route": `<${strict}>`, Contact: "<sip:user@192.0.2.7>" } });
        await caller.answered();
        const ack = await callee.expect("ACK");
        assert.equal(ack.requestUri, strict);
        assert.deepEqual(ack.values("Route"), ["<sip:user@192.0.2.7>"]);
        await caller.bye();
        assert.equal((await callee.takeBye()).requestUri, strict);
      },
    ),

    scenario(
      "the customer's proxies get their Record-Route back and what we send goes by them",
      { over: ["UDP"] },
      async (scene) => {
        const near = `<sip:${scene.customer.address}:${scene.customer.port};lr>`;
        const { caller, callee } = await placed(scene, {
          "Record-Route": [near, "<sip:inside.pbx.example;lr>"],
        });
        callee.respond(180);
        assert.deepEqual((await caller.expect(180)).values("Record-Route"), [
          near,
          "<sip:inside.pbx.example;lr>",
        ]);
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await callee.bye();
        assert.deepEqual((await caller.takeBye()).values("Route"), [near, "<sip:inside.pbx.example;lr>"]);
      },
    ),

    scenario("a Record-Route that is none fails the answer with ACK and BYE", {}, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.answer({ headers: { "Record-Route": "nonsense" } });
      await callee.expect("ACK");
      await callee.takeBye();
      await caller.refused(500);
    }),

    scenario("odd parameters of a Contact come back as they were", {}, async (scene) => {
      const { address, port } = scene.carrier;
      for (const parameters of [";x", ";ob;gr=urn:uuid:1", ";user=phone;x=%20", ";alias=1~2~3"]) {
        const uri = `sip:u%40ser;p=1@${address}:${port}${parameters}`;
        assert.deepEqual(await contactOf(scene, `"Q, <x>" <${uri}>;expires=60;+sip.instance="<urn:1>"`), [
          uri,
          uri,
        ]);
      }
    }),

    scenario("a Contact without angle brackets keeps its parameters for itself", {}, async (scene) => {
      const uri = `sip:user@${scene.carrier.address}:${scene.carrier.port}`;
      assert.deepEqual(await contactOf(scene, `${uri};expires=60`), [uri, uri]);
    }),

    scenario("header fields and the method of a Contact are not for a Request-URI", {}, async (scene) => {
      const uri = `sip:user@${scene.carrier.address}:${scene.carrier.port}`;
      assert.deepEqual(await contactOf(scene, `<${uri};method=INVITE?Subject=x>`), [uri, uri]);
    }),

    scenario(
      "a Contact that can not be located: what follows goes where the INVITE went",
      {},
      async (scene) => {
        const uri = "sip:user@nowhere.invalid";
        assert.deepEqual(await contactOf(scene, `<${uri}>`), [uri, uri]);
      },
    ),

    scenario(
      "a caller behind a NAT is reached where its packets come from, whatever its Contact says",
      {},
      async (scene) => {
        const { customer, carrier } = scene;
        const caller = customer.dial();
        const nat = (text: string): string =>
          text
            .replace(/^(Via: SIP\/2\.0\/UDP) [\d.]+:\d+/m, "$1 192.168.1.5:5060")
            .replace(/^Contact:.*$/m, "Contact: <sip:pbx@192.168.1.5:5060>");
        await caller.send("INVITE", { raw: nat });
        const callee = await carrier.incoming();
        callee.answer();
        const answer = await caller.expect("200 INVITE");
        assert.match(answer.value("Via"), new RegExp(`received=${customer.address.replaceAll(".", "\\.")}`));
        assert.match(answer.value("Via"), new RegExp(`rport=${customer.port}`));
        await caller.ack(answer);
        await callee.expect("ACK");
        await callee.bye();
        assert.equal((await caller.takeBye()).requestUri, "sip:pbx@192.168.1.5:5060");
      },
    ),

    scenario(
      "one INVITE that comes by two ways is a call and a 482",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        await caller.send("INVITE", { sequenceNumber: 1, branch: "z9hG4bKother-way" });
        const merged = await caller.expect("482 INVITE");
        assert.equal(merged.branch, "z9hG4bKother-way");
        await caller.ack(merged);
        callee.answer();
        await caller.answered();
        await callee.expect("ACK");
        await scene.hangUp({ caller, callee });
      },
    ),

    scenario("the same Call-ID with a new From tag is another call", {}, async (scene) => {
      const { caller, callee } = await placed(scene);
      callee.respond(486);
      await callee.expect("ACK");
      await caller.refused(486);
      caller.remoteTag = "";
      caller.localTag = "another-tag";
      await caller.send("INVITE");
      const again = await scene.carrier.incoming();
      assert.notEqual(again.callId, callee.callId);
      again.respond(486);
      await again.expect("ACK");
      await caller.refused(486);
    }),

    scenario(
      "an INVITE with a To tag of no dialog is no new call: 481 for a carrier",
      {},
      async ({ carrier }) => {
        const caller = carrier.dial();
        await caller.send("INVITE", { toTag: "gone" });
        const refusal = await caller.expect("481 INVITE");
        await caller.ack(refusal);
      },
    ),

    scenario(
      "a 486 whose ACK is lost comes again until it is acknowledged",
      { over: ["UDP"] },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        callee.respond(486);
        await callee.expect("ACK");
        const refusal = await caller.expect("486 INVITE");
        await scene.customer.repeated(refusal, 4);
        await caller.ack(refusal);
        await scene.pause(scene.t1Ms * 20);
        const times = scene.customer.inbox.times(refusal);
        await scene.pause(scene.t1Ms * 20);
        assert.equal(scene.customer.inbox.times(refusal), times, "the 486 came after its ACK");
      },
    ),

    scenario(
      "an INVITE to a carrier is repeated over UDP until something comes, and once over streams",
      { over: everyTransport },
      async (scene) => {
        const { caller, callee } = await placed(scene);
        if (scene.protocol === "UDP") await scene.carrier.repeated(callee.invite!, 4);
        else await scene.pause(Math.min(scene.t1Ms * 20, 2000));
        callee.respond(100);
        await scene.pause(scene.t1Ms * 10);
        const times = scene.carrier.inbox.times(callee.invite!);
        if (scene.protocol !== "UDP") assert.equal(times, 1);
        await scene.pause(scene.t1Ms * 20);
        assert.equal(scene.carrier.inbox.times(callee.invite!), times, "the INVITE came after the 100");
        callee.respond(486);
        await callee.expect("ACK");
        await caller.refused(486);
      },
    ),

    scenario(
      "OPTIONS that come again are answered again by the same response",
      { over: ["UDP"] },
      async ({ customer }) => {
        const probe = customer.dial();
        const sent = await probe.send("OPTIONS");
        const answer = await probe.expect("200 OPTIONS");
        await probe.again(sent);
        await probe.again(sent);
        await customer.repeated(answer, 3);
      },
    ),

    scenario(
      "a customer's SBC that says 302 once is followed to its first Contact, q-values or not",
      { over: ["UDP", "TCP"] },
      async (scene) => {
        const caller = scene.carrier.dial();
        await caller.send("INVITE");
        const callee = await scene.customer.incoming();
        const transport = scene.protocol === "UDP" ? "" : `;transport=${scene.protocol.toLowerCase()}`;
        const to = `sip:moved@${scene.second.address}:${scene.second.port}${transport}`;
        callee.respond(302, { headers: { Contact: [`<${to}>;q=0.1`, "<sip:other@192.0.2.1>;q=0.9"] } });
        await callee.expect("ACK");
        const moved = await scene.second.incoming();
        assert.match(moved.invite!.requestUri, /^sip:moved@/);
        moved.answer();
        await caller.answered();
        await moved.expect("ACK");
        await scene.hangUp({ caller, callee: moved });
      },
    ),

    scenario("a second 302 behind the first is a failure", {}, async (scene) => {
      const caller = scene.carrier.dial();
      await caller.send("INVITE");
      const callee = await scene.customer.incoming();
      callee.respond(302, {
        headers: { Contact: `<sip:moved@${scene.second.address}:${scene.second.port}>` },
      });
      await callee.expect("ACK");
      const moved = await scene.second.incoming();
      moved.respond(302, { headers: { Contact: scene.customer.contact } });
      await moved.expect("ACK");
      await caller.refused(500);
    }),

    ...["<tel:+15550100>", "<sip:x@trunk-0.pstn.tandem.test>", "nonsense", "*"].map((contact) =>
      scenario(`a 302 to ${contact} is not followed`, {}, async (scene) => {
        const caller = scene.carrier.dial();
        await caller.send("INVITE");
        const callee = await scene.customer.incoming();
        callee.respond(302, { headers: { Contact: contact } });
        await callee.expect("ACK");
        await caller.refused(500);
      }),
    ),
  ],
};
