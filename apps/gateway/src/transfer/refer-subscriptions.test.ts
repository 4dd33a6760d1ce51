/** SUBSCRIBE to the implicit subscription of a REFER (RFC 3515 §2.4.4, RFC 6665 §4.1.2.3), by a whole gateway. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, parsedResponse, responseTo } from "@tandem/sip/testing";
import { type AnsweredCall, answeredCall } from "../testing/answered-call.ts";
import { exampleTrunk, trunkHost } from "../testing/example-snapshot.ts";
import { type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";

type Fields = readonly (readonly [name: string, value: string])[];

interface Scene extends GatewayScript {
  readonly call: AnsweredCall;
  readonly refer: (sequenceNumber: number, fields?: Fields) => void;
  readonly subscribe: (sequenceNumber: number, fields: Fields) => void;
  /** `state body` of the next message, which must be a NOTIFY; it is answered. */
  readonly notified: () => string;
}

async function scene(): Promise<Scene> {
  const trunks = [exampleTrunk({ transferMode: "enable-all" })];
  const script = await gatewayScript({ snapshot: { trunks } });
  const call = answeredCall(script);
  const { wire, customer } = script;
  const ask = (method: string, sequenceNumber: number, fields: Fields): void => {
    const rows = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const text = call.customerRequest(method, sequenceNumber);
    wire.inject(text.replace("Content-Length: 0\r\n", `${rows}Content-Length: 0\r\n`), customer);
  };
  const target = ["Refer-To", `<sip:+15557650000@${trunkHost}>`] as const;
  return {
    ...script,
    call,
    refer: (sequenceNumber, fields = []) => ask("REFER", sequenceNumber, [target, ...fields]),
    subscribe: (sequenceNumber, fields) => ask("SUBSCRIBE", sequenceNumber, fields),
    notified: () => {
      const text = wire.expect("NOTIFY");
      wire.inject(responseTo(text, 200), customer);
      const notify = parsedRequest(text);
      return `${notify.value("Event")} ${notify.value("Subscription-State")} ${notify.body.trim()}`;
    },
  };
}

/** The target rings. */
async function ringing(): Promise<Scene & { readonly targetInvite: string }> {
  const one = await scene();
  one.refer(2);
  one.wire.expect(202);
  assert.equal(one.notified(), "refer active;expires=300 SIP/2.0 100 Trying");
  const invite = one.wire.expect("INVITE");
  one.wire.inject(responseTo(invite, 180), one.carrier);
  assert.equal(one.notified(), "refer active;expires=300 SIP/2.0 180 Ringing");
  return { ...one, targetInvite: invite };
}

const referEvent = ["Event", "refer"] as const;

test("a refresh gets 200 and the present state, for the time that it asks for, 300 s at most", async () => {
  const { subscribe, wire, notified } = await ringing();
  const rows: readonly (readonly [asked: string | undefined, granted: string])[] = [
    ["60", "60"],
    ["300", "300"],
    ["301", "300"],
    [undefined, "300"],
  ];
  for (const [index, [asked, granted]] of rows.entries()) {
    subscribe(3 + index, asked === undefined ? [referEvent] : [referEvent, ["Expires", asked]]);
    const ok = parsedResponse(wire.expect(200));
    assert.deepEqual([ok.value("Expires"), ok.has("Contact")], [granted, true]);
    assert.equal(notified(), `refer active;expires=${granted} SIP/2.0 180 Ringing`);
  }
});

test("Expires 0 ends it with a last NOTIFY, and the transfer goes on unheard", async () => {
  const { subscribe, wire, notified, targetInvite, carrier, clock } = await ringing();
  subscribe(3, [referEvent, ["Expires", "0"]]);
  assert.equal(parsedResponse(wire.expect(200)).value("Expires"), "0");
  assert.equal(notified(), "refer terminated;reason=timeout SIP/2.0 180 Ringing");
  wire.inject(responseTo(targetInvite, 183), carrier);
  wire.inject(responseTo(targetInvite, 486), carrier);
  wire.expect("ACK");
  wire.expectNothing();
  subscribe(4, [referEvent]);
  assert.equal(parsedResponse(wire.expect(405)).has("Allow"), true);
  clock.advance(400_000);
  wire.ignoreSent();
});

test("it ends when the time that was asked for is over, and not before", async () => {
  const { subscribe, wire, notified, clock } = await ringing();
  subscribe(3, [referEvent, ["Expires", "60"]]);
  wire.expect(200);
  notified();
  clock.advance(30_000);
  subscribe(4, [referEvent, ["Expires", "60"]]);
  wire.expect(200);
  notified();
  clock.advance(59_999);
  wire.expectNothing();
  clock.advance(1);
  assert.equal(notified(), "refer terminated;reason=timeout SIP/2.0 180 Ringing");
});

test("once the transfer has failed there is nothing to subscribe to, and no timer is left of it", async () => {
  const { subscribe, wire, notified, targetInvite, carrier, clock } = await ringing();
  subscribe(3, [referEvent, ["Expires", "60"]]);
  wire.expect(200);
  notified();
  wire.inject(responseTo(targetInvite, 486), carrier);
  wire.expect("ACK");
  assert.equal(notified(), "refer terminated;reason=noresource SIP/2.0 486 Busy Here");
  subscribe(4, [referEvent]);
  wire.expect(405);
  clock.advance(60_000);
  wire.expectNothing();
});

test("what is no SUBSCRIBE to it gets 405 as before, a malformed Expires 400", async () => {
  const { subscribe, wire, call, carrier } = await ringing();
  const others: readonly Fields[] = [
    [],
    [["Event", "dialog"]],
    [["Event", "refer;id=7"]],
    [["Event", "reference"]],
  ];
  for (const [index, fields] of others.entries()) {
    subscribe(3 + index, fields);
    wire.expect(405);
  }
  const text = call.carrierRequest("SUBSCRIBE");
  wire.inject(text.replace("Content-Length: 0", "Event: refer\r\nContent-Length: 0"), carrier);
  wire.expect(405);
  subscribe(9, [referEvent, ["Expires", "soon"]]);
  wire.expect(400);
  subscribe(10, [["o", "Refer ; id = 2"]]);
  wire.expect(200);
  wire.expect("NOTIFY");
});

test("the subscription of a later REFER is named by its id; one without subscription has none", async () => {
  const one = await ringing();
  const { refer, subscribe, wire, notified, targetInvite, carrier } = one;
  wire.inject(responseTo(targetInvite, 486), carrier);
  wire.expect("ACK");
  notified();
  refer(3);
  wire.expect(202);
  assert.match(notified(), /^refer;id=3 active;expires=300 /);
  const second = wire.expect("INVITE");
  subscribe(4, [referEvent]);
  wire.expect(405);
  subscribe(5, [["Event", "refer;id=3"]]);
  wire.expect(200);
  assert.match(notified(), /^refer;id=3 active;expires=300 SIP\/2\.0 100 Trying$/);
  wire.inject(responseTo(second, 486), carrier);
  wire.expect("ACK");
  notified();
  refer(6, [["Refer-Sub", "false"]]);
  wire.expect(202);
  wire.expect("INVITE");
  subscribe(7, [["Event", "refer;id=6"]]);
  wire.expect(405);
});
