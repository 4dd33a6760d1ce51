/** Overload control by loss (RFC 7339): what a neighbour's Via asks of the gateway, and what its own tells. */
import assert from "node:assert/strict";
import type { Heard } from "../runner/heard.ts";
import type { Leg } from "../runner/leg.ts";
import { everyTransport, type Scene, scenario, type Theme } from "../runner/scenario.ts";

const announcement = ';oc;oc-algo="loss"';

/** Answers a request, and asks for fewer of them. */
function asks(leg: Leg, request: Heard, statusCode: number, parameters: string): void {
  request.reply(leg.response(statusCode, { to: request }).replace(announcement, parameters));
}

async function refuse(leg: Leg, caller: Leg): Promise<void> {
  leg.respond(486);
  await leg.expect("ACK");
  await caller.refused(486);
}

async function call(scene: Scene): Promise<Leg> {
  const caller = scene.customer.dial();
  await caller.send("INVITE");
  return caller;
}

export const overloadControl: Theme = {
  name: "who is overloaded says so",
  network: "127.0.240",
  scenarios: [
    scenario(
      "a carrier gateway that asks for no calls is spared them, until it says that it is over",
      { over: everyTransport, twoGateways: true },
      async (scene) => {
        const established = await scene.setUp();
        const second = await call(scene);
        const refusing = await scene.carrier.incoming();
        const invite = refusing.invite!;
        assert.ok(invite.value("Via").includes(announcement));
        asks(refusing, invite, 486, ';oc=100;oc-algo="loss";oc-validity=60000;oc-seq=1700000000.1');
        await refusing.expect("ACK");
        await second.refused(486);

        const third = await call(scene);
        await refuse(await scene.second.incoming(), third);

        await established.caller.send("INFO");
        const info = await established.callee.expect("INFO");
        asks(established.callee, info, 200, ';oc=0;oc-algo="loss";oc-validity=0;oc-seq=1700000000.2');
        await established.caller.expect("200 INFO");

        const fourth = await call(scene);
        await refuse(await scene.carrier.incoming(), fourth);
        await scene.hangUp(established);
      },
    ),

    scenario(
      "a customer that knows overload control hears that nothing is asked of it, and the carrier hears of neither",
      { over: everyTransport },
      async (scene) => {
        const caller = scene.customer.dial();
        const { text, branch } = caller.request("INVITE");
        await scene.customer.send(text.replace(`branch=${branch}`, `branch=${branch}${announcement}`));
        const callee = await scene.carrier.incoming();
        assert.equal(callee.invite?.values("Via").length, 1);
        callee.respond(486);
        await callee.expect("ACK");
        const refused = await caller.expect(486);
        assert.match(refused.value("Via"), /;oc=0;oc-algo="loss";oc-validity=0;oc-seq=\d+\.\d{3}$/);
        await caller.ack(refused);
      },
    ),
  ],
};
