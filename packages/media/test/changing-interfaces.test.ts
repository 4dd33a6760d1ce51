import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { closeAll, fixture, peerAt, remoteAt } from "./bridge.ts";
import { eventually, Peer, rtpPacket } from "./wire.ts";

afterEach(closeAll);

const line = {
  name: "customers/TX1",
  localAddress: "127.0.161.2",
  advertisedAddress: "203.0.113.64",
};

const onLine = { mediaInterface: line.name, kind: "rtp" } as const;

test("an address that is added relays from the same ports as the others, and is shown as it is advertised", async () => {
  const { relay, ports } = await fixture();
  assert.equal(relay.addInterface(line, 2), undefined);
  const endpoint = relay.openEndpoint(onLine);
  const other = relay.openEndpoint({ mediaInterface: "media", kind: "rtp" });
  assert.ok(endpoint !== undefined && other !== undefined);
  assert.deepEqual(
    [endpoint.id, endpoint.localAddress, endpoint.advertisedAddress, endpoint.localPort],
    [`customers/TX1/${ports.first}`, "127.0.161.2", "203.0.113.64", ports.first],
  );
  const [alice, bob] = [await peerAt(), await peerAt("127.0.161.9")];
  other.setRemote(remoteAt(alice));
  endpoint.setRemote(remoteAt(bob));
  relay.join(endpoint, other);
  alice.send(rtpPacket(1), other.localPort, other.localAddress);
  await eventually("the packet leaves by the line", () => bob.received.length === 1);
  assert.equal(bob.received[0]?.from.address, "127.0.161.2");
});

test("an address of another machine is refused with the system's code, nothing is left of it", async () => {
  const { relay } = await fixture();
  const { sockets } = relay.counts();
  assert.equal(relay.addInterface({ ...line, localAddress: "192.0.2.1" }, 2), "EADDRNOTAVAIL");
  assert.throws(() => relay.openEndpoint(onLine), RangeError);
  assert.equal(relay.counts().sockets, sockets);
  assert.equal(relay.addInterface(line, 2), undefined);
  assert.equal(relay.counts().sockets, sockets + 4);
  assert.throws(() => relay.addInterface(line, 2), RangeError);
});

test("removed: its endpoints close, its ports are free, the other address goes on", async () => {
  const { relay, ports } = await fixture();
  relay.addInterface(line, 1);
  const endpoint = relay.openEndpoint(onLine);
  const other = relay.openEndpoint({ mediaInterface: "media", kind: "rtp" });
  const before = relay.counts();
  await relay.removeInterface(line.name);
  await relay.removeInterface(line.name);
  assert.deepEqual([endpoint?.isOpen, other?.isOpen], [false, true]);
  assert.deepEqual([before.open, relay.counts().open], [2, 1]);
  assert.throws(() => relay.openEndpoint(onLine), RangeError);
  const peer = await Peer.open(line.localAddress, ports.first);
  await peer.close();
});

test("a journaled endpoint of an added address is adopted there, even from a pair that was bound beforehand", async () => {
  const first = await fixture();
  first.relay.addInterface(line, 1);
  const journal = first.relay.openEndpoint(onLine)?.toJournal();
  assert.ok(journal !== undefined);
  await first.relay.close();
  const second = await fixture({ ports: first.ports });
  assert.equal(second.relay.adopt(journal), undefined);
  second.relay.addInterface(line, 2);
  assert.equal(second.relay.adopt(journal)?.localAddress, "127.0.161.2");
});

test("an address that was added before the relay opens is no condition for that", async () => {
  const { relay, ports } = await fixture({ pairs: 2, prebound: 2 });
  relay.addInterface(line, 2);
  const inTheWay = relay.openEndpoint(onLine);
  assert.equal(inTheWay?.localPort, ports.first);
  await relay.open();
  assert.equal(relay.counts().open, 1);
});

test("ports of each address: used, free whether bound or not, and resting", async () => {
  const { relay, ports } = await fixture();
  relay.addInterface(line, 2);
  const pairs = Math.floor((ports.last - ports.first + 1) / 2);
  const of = (name: string) => relay.ports().find(({ mediaInterface }) => mediaInterface === name);
  assert.deepEqual(of(line.name), {
    engine: "userspace",
    mediaInterface: line.name,
    used: 0,
    free: pairs,
    quarantined: 0,
  });
  const endpoint = relay.openEndpoint(onLine);
  assert.deepEqual([of(line.name)?.used, of(line.name)?.free, of("media")?.used], [1, pairs - 1, 0]);
  endpoint?.close();
  const { used, free = 0, quarantined = 0 } = of(line.name) ?? {};
  assert.deepEqual([used, free + quarantined], [0, pairs]);
  assert.equal(quarantined, 1);
});
