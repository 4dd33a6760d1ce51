/** Calls to a carrier whose registrar gave a Service-Route (RFC 3608), by a whole gateway. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, responseTo } from "@tandem/sip/testing";
import { exampleCarrier } from "../testing/example-snapshot.ts";
import { answer, type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";

const registration = {
  registrarUrl: "sip:203.0.113.5:5070",
  addressOfRecord: "sip:trunk7@carrier.example",
  expiresSeconds: 600,
};

/** A gateway that is registered, and has that Service-Route. */
async function registered(...routes: string[]): Promise<GatewayScript> {
  const script = await gatewayScript({ snapshot: { carriers: [exampleCarrier({ registration })] } });
  const headerFields = routes.map((route) => ["Service-Route", route] as const);
  script.wire.inject(responseTo(script.wire.expect("REGISTER"), 200, { headerFields }), script.carrier);
  return script;
}

function placed(script: GatewayScript) {
  script.invite();
  const { text, target } = script.wire.expectSent("INVITE");
  const invite = parsedRequest(text);
  const at = `${target?.protocol} ${target?.address}:${target?.port}`;
  return { text, at, requestUri: invite.requestUri, routes: invite.values("Route") };
}

const plain = "sip:+15557654321@203.0.113.7:5060";

test("loose routers: the INVITE goes to the first, with all of them in its Route", async () => {
  const script = await registered("<sip:203.0.113.8:5080;lr>, <sip:orig@core.example;lr>");
  const { text, at, requestUri, routes } = placed(script);
  assert.deepEqual(
    [at, requestUri, routes],
    ["UDP 203.0.113.8:5080", plain, ["<sip:203.0.113.8:5080;lr>", "<sip:orig@core.example;lr>"]],
  );
  script.wire.inject(responseTo(text, 486), script.carrier);
  const { text: ack, target } = script.wire.expectSent("ACK");
  assert.deepEqual(
    [parsedRequest(ack).values("Route"), target?.address, target?.port],
    [routes, "203.0.113.8", 5080],
  );
});

test("a strict router is the Request-URI, and the called number stands last in the Route", async () => {
  const { at, requestUri, routes } = placed(
    await registered("<sip:orig@203.0.113.8:5080;transport=tcp;x=1>", "<sip:core.example;lr>"),
  );
  assert.deepEqual(
    [at, requestUri, routes],
    [
      "TCP 203.0.113.8:5080",
      "sip:orig@203.0.113.8:5080;transport=tcp;x=1",
      ["<sip:core.example;lr>", `<${plain}>`],
    ],
  );
});

test("in the dialog its own route set counts (RFC 3261 §12.1.2)", async () => {
  const script = await registered("<sip:203.0.113.8:5080;lr>");
  const { text } = placed(script);
  const headerFields = [
    ["Record-Route", "<sip:203.0.113.9:5090;lr>"],
    ["Content-Type", "application/sdp"],
  ] as const;
  script.wire.inject(responseTo(text, 200, { headerFields, body: answer }), script.carrier);
  const { text: ack, target } = script.wire.expectSent("ACK");
  assert.deepEqual(parsedRequest(ack).values("Route"), ["<sip:203.0.113.9:5090;lr>"]);
  assert.equal(target?.address, "203.0.113.9");
});

test("without a Service-Route, and without a binding, the call goes to the carrier's gateway", async () => {
  const without = placed(await registered());
  assert.deepEqual([without.at, without.requestUri, without.routes], ["UDP 203.0.113.7:5060", plain, []]);
  const script = await registered("<sip:203.0.113.8:5080;lr>");
  // Nobody answers the refreshes.
  script.clock.advance(600_000);
  script.wire.ignoreSent();
  assert.deepEqual(placed(script).routes, []);
});
