/** Overload control (RFC 7339) of a whole gateway, as a server and as a client. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lossAnnouncement, parseVia } from "@tandem/sip/message";
import { flow, parsedRequest, parsedResponse, request, responseTo } from "@tandem/sip/testing";
import { overloadedAboveMs, overloadSampleMs } from "../shield/overload.ts";
import { addresses, exampleCarrier, exampleGateway, trunkHost } from "../testing/example-snapshot.ts";
import {
  answer,
  type GatewayScript,
  type GatewayScriptOptions,
  gatewayScript,
} from "../testing/gateway-script.ts";
import { easeMs, easeStepMs } from "./loss-percentage.ts";
import { lossValidityMs } from "./loss-report.ts";

/** A customer that knows overload control. */
const participating = (branch: string): string =>
  `SIP/2.0/UDP 192.0.2.10:5060;branch=${branch}${lossAnnouncement}`;

/** Via parameters of overload control in a message of ours, the sequence number left out. */
function control(text: string): string {
  const [top = ""] = (text.startsWith("SIP/2.0") ? parsedResponse(text) : parsedRequest(text)).values("Via");
  const via = parseVia(top);
  assert.ok(via.ok);
  const own = via.value.parameters.entries().filter(({ name }) => name.startsWith("oc"));
  return own.map(({ name, value }) => (name === "oc-seq" ? name : `${name}=${value}`)).join(" ");
}

function overload({ clock, wire }: GatewayScript): void {
  for (let sample = 0; sample < 2; sample += 1) {
    clock.stall(overloadSampleMs + overloadedAboveMs + 1);
    clock.advance(0);
  }
  wire.ignoreSent();
}

const catchUp = ({ clock }: GatewayScript): void => clock.advance(2 * overloadSampleMs);

test("a client that announces hears in each response that nothing is asked of it, one that does not hears nothing", async () => {
  const script = await gatewayScript();
  const calm = 'oc=0 oc-algo="loss" oc-validity=0 oc-seq';
  script.invite({ vias: [participating("z9hG4bK-a")] });
  const invite = script.wire.expect("INVITE");
  script.clock.advance(100);
  assert.equal(control(script.wire.expect(100)), calm);
  script.wire.inject(responseTo(invite, 180), script.carrier);
  assert.equal(control(script.wire.expect(180)), calm);
  script.wire.inject(responseTo(invite, 486), script.carrier);
  script.wire.expect("ACK");
  assert.equal(control(script.wire.expect(486)), calm);

  script.invite({ callId: "call-2", branch: "z9hG4bK-b" });
  script.wire.expect("INVITE");
  script.clock.advance(100);
  assert.equal(control(script.wire.expect(100)), "");
  script.invite({
    callId: "call-3",
    vias: ['SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-c;oc;oc-algo="rate"'],
  });
  script.wire.expect("INVITE");
  script.clock.advance(100);
  assert.equal(control(script.wire.expect(100)), 'oc=undefined oc-algo="rate"', "as it came");
});

test("overloaded: 503 without Retry-After, with the share for who announces; emergency calls are taken", async () => {
  const script = await gatewayScript();
  overload(script);
  script.invite({ callId: "call-2", vias: [participating("z9hG4bK-2")] });
  const refused = script.wire.expect(503);
  assert.equal(control(refused), `oc=95 oc-algo="loss" oc-validity=${lossValidityMs} oc-seq`);
  assert.equal(parsedResponse(refused).has("Retry-After"), false);
  script.invite({ callId: "call-3", branch: "z9hG4bK-3" });
  assert.equal(control(script.wire.expect(503)), "");
  script.invite({ callId: "call-4", branch: "z9hG4bK-4", requestUri: `sip:911@${trunkHost}` });
  assert.ok(script.gateway.calls.bySipCallId("call-4") !== undefined);
  script.wire.expect("INVITE");
});

test("after an overload a share of the calls is refused to who has not held them back", async () => {
  let draw = 0;
  const script = await gatewayScript({ random: () => draw });
  overload(script);
  catchUp(script);
  let calls = 1;
  const call = (parts = {}): boolean => {
    calls += 1;
    const callId = `call-${calls}`;
    script.invite({ callId, branch: `z9hG4bK-${calls}`, ...parts });
    const isTaken = script.gateway.calls.bySipCallId(callId) !== undefined;
    script.wire.ignoreSent();
    return isTaken;
  };
  draw = 0.469;
  assert.equal(call(), false);
  draw = 0.47;
  assert.equal(call(), true);
  draw = 0;
  assert.equal(call({ vias: [participating("z9hG4bK-p")] }), true, "it has held back what it should");
  script.wire.inject(request("OPTIONS", { requestUri: `sip:${trunkHost}`, callId: "o" }), script.customer);
  script.wire.expect(200);
  script.clock.advance(easeStepMs);
  script.wire.ignoreSent();
  draw = 0.23;
  assert.equal(call(), true);
  draw = 0.229;
  assert.equal(call(), false);
  assert.deepEqual(
    script.events.filter(({ event }) => event.startsWith("overload")).map(({ event }) => event),
    ["overloaded"],
  );
  script.clock.advance(easeMs - easeStepMs);
  script.wire.ignoreSent();
  draw = 0;
  assert.equal(call(), true);
  assert.equal(script.events.at(-1)?.event, "overload-over");
});

test("overloaded again before it is over is one overload", async () => {
  const script = await gatewayScript();
  overload(script);
  catchUp(script);
  overload(script);
  catchUp(script);
  script.clock.advance(easeMs);
  const told = script.events.filter(({ event }) => event.startsWith("overload")).map(({ event }) => event);
  assert.deepEqual(told, ["overloaded", "overload-over"]);
  await script.gateway.close();
  assert.equal(script.clock.pendingTimers, 0);
});

const twoGateways: GatewayScriptOptions = {
  snapshot: {
    carriers: [
      exampleCarrier({
        gateways: [
          exampleGateway({ priority: 1 }),
          exampleGateway({ sid: "CG2", sipUrl: "sip:203.0.113.8:5060", priority: 2 }),
        ],
      }),
    ],
  },
};

/** The carrier's response asks for this. */
function asks(invite: string, parameters: string): { vias: string[] } {
  const [via = ""] = parsedRequest(invite).values("Via");
  return { vias: [via.replace(lossAnnouncement, parameters)] };
}

function egressTarget(script: GatewayScript): string {
  return `${script.wire.expectSent("INVITE").target?.address}`;
}

test("a carrier that asks for less is spared: the next candidate is tried, and the record says why", async () => {
  const script = await gatewayScript({ ...twoGateways, random: () => 0.5 });
  script.invite();
  const first = script.wire.expect("INVITE");
  assert.equal(control(first), 'oc=undefined oc-algo="loss"');
  const share = asks(first, ';oc=51;oc-algo="loss";oc-validity=1000;oc-seq=7.1');
  script.wire.inject(responseTo(first, 486, share), script.carrier);
  script.wire.ignoreSent();
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  assert.equal(egressTarget(script), "203.0.113.8");
  assert.equal(script.gateway.overloadControl.targets.shed, 1);
  script.wire.inject(
    request("CANCEL", { requestUri: `sip:1@${trunkHost}`, callId: "call-2", branch: "z9hG4bK-2" }),
    script.customer,
  );
  script.wire.ignoreSent();
  const [spared] = script.ledger.records.at(-1)?.attempts ?? [];
  assert.deepEqual([spared?.result, spared?.reason?.code], ["skipped", 90219]);
  assert.equal(script.events.find(({ event }) => event === "target-asks-for-less")?.fields["percentage"], 51);
  script.clock.advance(1000);
  script.wire.ignoreSent();
  script.invite({ callId: "call-3", branch: "z9hG4bK-3" });
  assert.equal(egressTarget(script), addresses.carrier, "its time is over");
});

test("with nobody else to ask the caller gets 500, without Retry-After; an emergency call is sent all the same", async () => {
  const script = await gatewayScript();
  script.invite();
  const first = script.wire.expect("INVITE");
  script.wire.inject(
    responseTo(first, 486, asks(first, ";oc=100;oc-validity=9000;oc-seq=1.0")),
    script.carrier,
  );
  script.wire.ignoreSent();
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  const refused = parsedResponse(script.wire.expect(500));
  assert.equal(refused.has("Retry-After"), false);
  script.invite({ callId: "call-3", branch: "z9hG4bK-3", requestUri: `sip:911@${trunkHost}` });
  assert.equal(egressTarget(script), addresses.carrier);
});

test("requests in a dialog go to an overloaded carrier, and its responses to them are heeded", async () => {
  const script = await gatewayScript();
  const { targets } = script.gateway.overloadControl;
  script.invite();
  const invite = script.wire.expect("INVITE");
  const share = asks(invite, ";oc=100;oc-validity=9000;oc-seq=1.0");
  const headerFields = [["Content-Type", "application/sdp"]] as const;
  const success = { ...share, headerFields, body: answer, contact: "<sip:203.0.113.7:5060>" };
  script.wire.inject(responseTo(invite, 200, success), script.carrier);
  script.wire.expect("ACK");
  const { toTag } = parsedResponse(script.wire.expect(200));
  assert.equal(targets.size, 1);
  script.wire.inject(request("BYE", { toTag, sequenceNumber: 2, branch: "z9hG4bK-bye" }), script.customer);
  script.wire.expect(200);
  const bye = script.wire.expect("BYE");
  assert.equal(control(bye), 'oc=undefined oc-algo="loss"');
  script.wire.inject(responseTo(bye, 200, asks(bye, ";oc=0;oc-validity=0;oc-seq=1.1")), script.carrier);
  assert.equal(targets.size, 0);
});

test("only the target itself is believed, and only what is newer", async () => {
  const script = await gatewayScript();
  const { targets } = script.gateway.overloadControl;
  script.invite();
  const invite = script.wire.expect("INVITE");
  const share = asks(invite, ";oc=100;oc-validity=9000;oc-seq=1.0");
  const from = { interfaceName: "carriers", remoteAddress: addresses.carrier, remotePort: 5060 };
  for (const other of [
    { remoteAddress: "203.0.113.9" },
    { remotePort: 5061 },
    { interfaceName: "customers" },
  ]) {
    script.wire.inject(responseTo(invite, 180, share), flow("UDP", { ...from, ...other }));
    assert.equal(targets.size, 0, JSON.stringify(other));
  }
  script.wire.inject(responseTo(invite, 180, share), flow("UDP", from));
  assert.equal(targets.size, 1);
  script.wire.inject(
    responseTo(invite, 180, asks(invite, ";oc=0;oc-validity=0;oc-seq=0.9")),
    flow("UDP", from),
  );
  assert.equal(targets.size, 1);
});

test("switched off, or for that address: nothing is announced, told or heeded", async () => {
  for (const overloadControl of [{ enabled: false }, { exceptAddresses: [addresses.carrier] }]) {
    const script = await gatewayScript({ configuration: { overloadControl } });
    script.invite({ vias: [participating("z9hG4bK-a")] });
    const invite = script.wire.expect("INVITE");
    assert.equal(control(invite), "");
    const [via = ""] = parsedRequest(invite).values("Via");
    const vias = [`${via};oc=100;oc-validity=9000;oc-seq=1.0`];
    script.wire.inject(responseTo(invite, 486, { vias }), script.carrier);
    assert.equal(script.gateway.overloadControl.targets.size, 0);
    script.wire.expect("ACK");
    const isTold = overloadControl.enabled !== false;
    assert.equal(control(script.wire.expect(486)).startsWith("oc=0"), isTold);
  }
});
