import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { EndpointDouble } from "./endpoint-double.ts";
import { RelayDouble } from "./relay-double.ts";

function opened(relay: RelayDouble): EndpointDouble {
  const endpoint = relay.openEndpoint({ mediaInterface: "media", kind: "rtp" });
  assert.ok(endpoint);
  return endpoint;
}

describe("RelayDouble", () => {
  test("hands out ports in order, with the addresses of the interface", () => {
    const media = { name: "media", localAddress: "10.0.0.1", advertisedAddress: "203.0.113.5" };
    const relay = new RelayDouble({ interfaces: [media], firstPort: 20_000 });
    const [first, second] = [opened(relay), opened(relay)];
    assert.deepEqual([first.localPort, first.rtcpPort, second.localPort], [20_000, 20_001, 20_002]);
    assert.deepEqual([first.localAddress, first.advertisedAddress], ["10.0.0.1", "203.0.113.5"]);
    assert.deepEqual(relay.endpoints, [first, second]);
    assert.equal(relay.openEndpoint({ mediaInterface: "x", kind: "rtp" })?.advertisedAddress, "127.0.0.1");
  });

  test("runs out at its capacity", () => {
    const relay = new RelayDouble();
    relay.capacity = 1;
    const first = opened(relay);
    assert.equal(relay.openEndpoint({ mediaInterface: "media", kind: "rtp" }), undefined);
    first.close();
    first.close();
    assert.equal(relay.counts().open, 0);
    assert.notEqual(opened(relay).localPort, first.localPort);
  });

  test("keeps what it is told, joins and unjoins as a real one does", () => {
    const relay = new RelayDouble();
    const [a, b, c] = [opened(relay), opened(relay), opened(relay)];
    relay.join(a, b);
    assert.deepEqual([a.partner, b.partner], [b, a]);
    relay.join(a, c);
    assert.deepEqual([a.partner, b.partner, c.partner], [c, undefined, a]);
    c.close();
    assert.equal(a.partner, undefined);
    relay.join(a, c);
    assert.equal(a.partner, undefined);
  });

  test("keeps as many event types as a real one, in its journal too", () => {
    const relay = new RelayDouble();
    const endpoint = opened(relay);
    assert.equal("eventTypes" in endpoint.toJournal(), false);
    endpoint.setEventTypes([101, 96, 97, 98, 99]);
    assert.deepEqual(endpoint.toJournal().eventTypes, [101, 96, 97, 98]);
    const adopted = new RelayDouble().adopt(endpoint.toJournal());
    assert.deepEqual(adopted?.eventTypes, [101, 96, 97, 98]);
  });

  test("life and hold go by the clock", () => {
    const clock = new HandClock();
    const endpoint = opened(new RelayDouble({ clock }));
    clock.advance(5);
    assert.equal(endpoint.lastReceivedMs, 0);
    endpoint.receive(2);
    assert.deepEqual(
      [endpoint.lastReceivedMs, endpoint.received.packets, endpoint.received.bytes],
      [5, 2, 344],
    );
    endpoint.setHeld(true);
    clock.advance(10);
    assert.equal(endpoint.lastReceivedMs, 15);
    endpoint.setHeld(false);
    clock.advance(10);
    assert.equal(endpoint.lastReceivedMs, 15);
  });

  test("adopts by journal", async () => {
    const relay = new RelayDouble();
    const [a, b] = [opened(relay), opened(relay)];
    a.setRemote({ address: "192.0.2.1", port: 4000, rtcpAddress: "192.0.2.1", rtcpPort: 4001 });
    a.setPolicy({ source: "strict", signalingAddress: undefined, trustedNetworks: [] });
    relay.join(a, b);
    const journals = [a.toJournal(), b.toJournal()];
    assert.equal(relay.adopt(a.toJournal()), undefined);
    await relay.close();
    assert.equal(relay.counts().open, 0);
    assert.equal(relay.openEndpoint({ mediaInterface: "media", kind: "rtp" }), undefined);
    const restarted = new RelayDouble();
    const adopted = journals.map((journal) => restarted.adopt(journal));
    assert.equal(adopted[0]?.partner, adopted[1]);
    assert.deepEqual(
      adopted.map((endpoint) => endpoint?.toJournal()),
      journals,
    );
    assert.ok(opened(restarted).localPort > b.localPort);
  });
});
