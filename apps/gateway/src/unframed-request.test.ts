import assert from "node:assert/strict";
import { test } from "node:test";
import { messageLimits, StreamFramer } from "@tandem/sip/message";
import { type FlowDouble, flow, parsedResponse, type RequestParts, request } from "@tandem/sip/testing";
import { answeredCall } from "./testing/answered-call.ts";
import { addresses, trunkHost } from "./testing/example-snapshot.ts";
import { type GatewayScript, gatewayScript } from "./testing/gateway-script.ts";

const tooLarge = String(messageLimits.maximumBodyBytes + 1);

/** What a TCP connection does with a text that the framer can't cut. */
function comes(script: GatewayScript, text: string, on: FlowDouble): void {
  const [event] = new StreamFramer(messageLimits).push(Buffer.from(text, "latin1"));
  assert.ok(event?.kind === "error");
  script.wire.injectGarbage(on, event.error, event.text);
}

/** An INVITE for the trunk whose Content-Length is replaced; "" leaves it out. */
function invite(contentLength: string, parts: RequestParts = {}): string {
  const text = request("INVITE", {
    requestUri: `sip:+15557654321@${trunkHost}`,
    transport: "TCP",
    ...parts,
  });
  const row = contentLength === "" ? "" : `Content-Length: ${contentLength}\r\n`;
  return text.replace("Content-Length: 0\r\n", row);
}

const refused: readonly (readonly [rule: string, contentLength: string, status: number, phrase: string])[] = [
  ["no Content-Length", "", 400, "Missing Content-Length header field"],
  ["a Content-Length that is no number", "ten", 400, "Malformed Content-Length header field"],
  ["a body beyond the limit", tooLarge, 513, "Message body is too large"],
];

for (const [rule, contentLength, statusCode, reasonPhrase] of refused) {
  test(`${rule}: the customer is told before the connection ends`, async () => {
    const script = await gatewayScript({ protocol: "TCP" });
    comes(script, invite(contentLength), script.customer);
    const response = parsedResponse(script.wire.expect(statusCode));
    assert.equal(response.reasonPhrase, reasonPhrase);
    assert.equal(response.callId, "call-1");
    assert.equal(response.value("CSeq"), "1 INVITE");
    script.wire.expectNothing();
    assert.equal(script.gateway.counts()["serverTransactions"], 0);
  });
}

test("a carrier is told as well", async () => {
  const script = await gatewayScript({ protocol: "TCP" });
  comes(script, invite("", { requestUri: "sip:+15550001111@198.51.100.2" }), script.carrier);
  script.wire.expect(400);
});

test("a stranger hears nothing, whether it knows the trunk's name or not", async () => {
  const script = await gatewayScript({ protocol: "TCP" });
  const stranger = flow("TCP", { interfaceName: "customers", remoteAddress: addresses.stranger });
  comes(script, invite(""), stranger);
  comes(script, invite("", { requestUri: "sip:+15557654321@198.51.100.1" }), stranger);
  script.wire.expectNothing();
});

test("in a dialog of ours everybody is told", async () => {
  const script = await gatewayScript({ protocol: "TCP" });
  const bye = answeredCall(script).customerRequest("BYE").replace("Content-Length: 0\r\n", "");
  comes(script, bye, flow("TCP", { interfaceName: "customers", remoteAddress: addresses.stranger }));
  assert.equal(parsedResponse(script.wire.expect(400)).value("CSeq"), "2 BYE");
});

test("without a snapshot nobody is known", async () => {
  const script = await gatewayScript({ protocol: "TCP", hasSnapshot: false });
  comes(script, invite(""), script.customer);
  script.wire.expectNothing();
});

test("what can't be answered is not: no Via, an ACK, a response, a start line of something else, no header", async () => {
  const script = await gatewayScript({ protocol: "TCP" });
  comes(script, invite("", { vias: [] }), script.customer);
  comes(script, invite("").replace("INVITE sip", "ACK sip").replace("1 INVITE", "1 ACK"), script.customer);
  comes(script, "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP h\r\n\r\n", script.customer);
  comes(script, "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", script.customer);
  comes(script, "\rX", script.customer);
  script.wire.expectNothing();
  assert.deepEqual(script.faults, []);
});
