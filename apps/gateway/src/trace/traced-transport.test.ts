import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { flow, target } from "@tandem/sip/testing";
import { TransportDouble } from "../testing/transport-double.ts";
import { HepAudience } from "./hep-audience.ts";
import { SipTrace } from "./sip-trace.ts";
import { payloadOf } from "./testing/read-hep-packet.ts";
import { TracedTransport } from "./traced-transport.ts";

let inner: TransportDouble;
let told: string[];
let transport: TracedTransport;
let trace: SipTrace;
const request = "OPTIONS sip:x SIP/2.0\r\n\r\n";
const response = "SIP/2.0 200 OK\r\n\r\n";
const ignore = (): void => {};

beforeEach(() => {
  inner = new TransportDouble();
  told = [];
  const collector = new HepAudience({ collector: "127.0.0.1" }, (packet) => told.push(payloadOf(packet)) > 0);
  trace = new SipTrace({ clock: new HandClock(), audiences: [collector], callOf: () => undefined });
  transport = new TracedTransport(inner, trace, collector);
});

describe("a traced transport", () => {
  test("tells what goes out, and sends it", () => {
    const used = transport.sendTo(target(), request, ignore);
    assert.equal(used?.remoteAddress, "192.0.2.1");
    transport.sendOn(flow(), response, ignore);
    trace.flush();
    assert.deepEqual(told, [request, response]);
    assert.equal(inner.expect("OPTIONS"), request);
    assert.equal(inner.expect(200), response);
  });

  test("tells nothing of a request that could not be sent", () => {
    inner.sendTo = () => undefined;
    assert.equal(transport.sendTo(target(), request, ignore), undefined);
    trace.flush();
    assert.deepEqual(told, []);
  });

  test("tells what comes in, and hands it on with the rest", () => {
    const heard: string[] = [];
    transport.setReceiver({
      onMessage: (text) => void heard.push(text),
      onGarbage: (_flow, _error, headerText) => void heard.push(`garbage ${headerText}`),
      onFlowClosed: (_flow, why) => void heard.push(why),
      accept: (address) => address === "192.0.2.1",
      connectionOf: (address) => `TX ${address}`,
    });
    inner.inject("message", flow());
    inner.injectGarbage(flow(), { code: "bad-start-line", text: "No start line" }, "header");
    trace.flush();
    assert.deepEqual(told, ["message"]);
    assert.deepEqual(heard, ["message", "garbage header"]);
    assert.equal(inner.connectionOf("192.0.2.9", "public"), "TX 192.0.2.9");
  });

  test("who takes everything is not made to choose", () => {
    let given: object = {};
    inner.setReceiver = (receiver) => {
      given = receiver;
    };
    transport.setReceiver({ onMessage: ignore });
    assert.deepEqual(Object.keys(given), ["onMessage"]);
  });

  test("what waits is told before it closes, and counts say how much was", async () => {
    await transport.open();
    assert.equal(inner.isOpen, true);
    transport.sendOn(flow(), "last words", ignore);
    await transport.close();
    assert.equal(inner.isOpen, false);
    assert.deepEqual(told, ["last words"]);
    inner.told = { connections: 3 };
    assert.deepEqual(transport.counts(), { connections: 3, trace: { exported: 1, dropped: 0 } });
  });

  test("interfaces and flows are the transport's own", async () => {
    await transport.addInterface({
      name: "line-1",
      localAddress: "192.0.2.5",
      advertisedAddress: "192.0.2.5",
    });
    assert.deepEqual([...inner.added.keys()], ["line-1"]);
    await transport.removeInterface("line-1");
    assert.equal(inner.added.size, 0);
    const gone = flow("TCP");
    transport.closeFlow(gone);
    assert.deepEqual(inner.closedFlows, [gone]);
    assert.deepEqual(transport.sentBy("public", "UDP"), inner.sentBy("public", "UDP"));
  });
});
