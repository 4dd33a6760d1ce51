import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import { parsedResponse, response } from "@tandem/sip/testing";
import { answeredCall } from "../testing/answered-call.ts";
import { answer, type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";

const internalError = reasons.internalError.code;

/** A relay that breaks when it is told to. */
class BrokenRelay extends RelayDouble {
  readonly breaks = new Set<"openEndpoint" | "join" | "close">();

  override openEndpoint(
    options: Parameters<RelayDouble["openEndpoint"]>[0],
  ): ReturnType<RelayDouble["openEndpoint"]> {
    this.#mayBreak("openEndpoint");
    const endpoint = super.openEndpoint(options);
    if (endpoint !== undefined) {
      const close = endpoint.close.bind(endpoint);
      endpoint.close = () => {
        this.#mayBreak("close");
        close();
      };
    }
    return endpoint;
  }

  override join(...endpoints: Parameters<RelayDouble["join"]>): void {
    this.#mayBreak("join");
    super.join(...endpoints);
  }

  #mayBreak(what: "openEndpoint" | "join" | "close"): void {
    if (this.breaks.has(what)) throw new Error(`planted in ${what}`);
  }
}

/** A second call works as if nothing had happened. */
function assertNextCallWorks({ invite, wire }: GatewayScript): void {
  invite({ callId: "call-next", branch: "z9hG4bK-next" });
  wire.expect("INVITE");
}

test("a fault while a call begins: it is refused with 500 and recorded, the next one works", async () => {
  const relay = new BrokenRelay();
  const script = await gatewayScript({ relay });
  relay.breaks.add("openEndpoint");
  script.invite();
  assert.equal(parsedResponse(script.wire.expect(500)).reasonPhrase, "Server Internal Error");
  assert.equal(script.ledger.records[0]?.reason?.code, internalError);
  assert.equal(script.gateway.calls.size, 0);
  assert.match(String(script.faults[0]?.error), /planted in openEndpoint/);
  assert.equal(script.faults[0]?.fields["callSid"], script.ledger.records[0]?.sid);
  relay.breaks.clear();
  assertNextCallWorks(script);
});

test("a fault on a response of the callee: only that call ends", async () => {
  const relay = new BrokenRelay();
  const script = await gatewayScript({ relay });
  answeredCall(script);
  relay.breaks.add("join");
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  script.wire.expect("INVITE");
  const sdp = { headerFields: [["Content-Type", "application/sdp"]] as const, body: answer };
  script.wire.inject(response(200, { ...sdp, toTag: "other" }), script.carrier);
  assert.equal(script.faults.length, 1);
  assert.equal(script.gateway.calls.size, 1, "the first call is still up");
  const [record, ...more] = script.ledger.records;
  assert.deepEqual(more, []);
  assert.deepEqual(
    [record?.ingressSipCallId, record?.statusCode, record?.reason?.code],
    ["call-2", 500, internalError],
  );
});

test("a fault in a timer of a call ends that call and throws no further", async () => {
  const script = await gatewayScript();
  const call = answeredCall(script);
  const broken = script.relay.endpoints[0];
  assert.ok(broken !== undefined);
  Object.defineProperty(broken, "lastReceivedMs", {
    get: () => {
      throw new Error("planted in a timer");
    },
  });
  script.clock.advance(300_000);
  assert.match(String(script.faults[0]?.error), /planted in a timer/);
  assert.equal(script.faults[0]?.fields["callSid"], call.callSid);
  script.wire.expect("BYE");
  script.wire.expect("BYE");
  assert.equal(script.ledger.records[0]?.reason?.code, internalError);
  assertNextCallWorks(script);
});

test("a fault after the journal was written ends that call", async () => {
  const script = await gatewayScript();
  script.ledger.isHeld = true;
  script.invite();
  script.wire.expect("INVITE");
  const sdp = { headerFields: [["Content-Type", "application/sdp"]] as const, body: answer };
  script.wire.inject(response(200, sdp), script.carrier);
  script.wire.expect("ACK");
  const sendOn = script.wire.sendOn.bind(script.wire);
  let isBroken = true;
  script.wire.sendOn = (flow, text, onFailure) => {
    if (isBroken && text.startsWith("SIP/2.0 200")) {
      isBroken = false;
      throw new Error("planted in the wire");
    }
    sendOn(flow, text, onFailure);
  };
  script.ledger.release();
  assert.match(String(script.faults[0]?.error), /planted in the wire/);
  assert.equal(script.gateway.calls.size, 0);
  assert.equal(script.ledger.records[0]?.reason?.code, internalError);
});

test("a call that can't even be ended is forgotten, with a record, once", async () => {
  const relay = new BrokenRelay();
  const script = await gatewayScript({ relay });
  const call = answeredCall(script);
  relay.breaks.add("close");
  script.wire.inject(call.customerRequest("BYE"), script.customer);
  assert.equal(script.gateway.calls.size, 0);
  assert.equal(script.ledger.records.length, 1);
  assert.equal(script.ledger.records[0]?.sid, call.callSid);
  assert.ok(script.faults.length >= 2);
  assert.equal(script.gateway.counts()["dialogs"], 0);
});

test("a fault in a request in set-up ends that call, though it is known by its Call-ID only", async () => {
  const script = await gatewayScript();
  script.invite();
  script.wire.expect("INVITE");
  const [call] = script.gateway.calls.list();
  const found = script.gateway.calls.bySid(call?.sid ?? "");
  assert.equal(found?.hasSipCallId("call-1"), true);
  assert.equal(found?.hasSipCallId("another"), false);
});

test("a fault before there is a call refuses the INVITE and leaves nothing", async () => {
  const script = await gatewayScript();
  const { table } = script.gateway.snapshots;
  assert.ok(table !== undefined);
  table.credentials = () => {
    throw new Error("planted in the routing table");
  };
  table.allows = () => true;
  table.routesTo = () => {
    throw new Error("planted in routing");
  };
  script.invite();
  script.wire.expect(500);
  assert.match(String(script.faults[0]?.error), /planted in routing/);
  assert.deepEqual(script.faults[0]?.fields, { sipCallId: "call-1" });
  assert.deepEqual([script.gateway.calls.size, script.gateway.counts()["invites"]], [0, 0]);
});
