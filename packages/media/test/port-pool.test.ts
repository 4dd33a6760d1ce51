import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { growthBatch, PortPool } from "../src/userspace/port-pool.ts";
import { loopback, Peer, portRange } from "./wire.ts";

const pools: PortPool[] = [];

function poolOf(options: {
  ports: { first: number; last: number };
  prebound: number;
  clock?: HandClock;
}): PortPool {
  const pool = new PortPool({
    clock: options.clock ?? new HandClock(),
    place: { kind: "native", address: loopback, counters: { strayPackets: 0, socketErrors: 0 } },
    ports: options.ports,
    preboundEndpoints: options.prebound,
    quarantineMs: 2000,
  });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function taken(pool: PortPool): { port: number; giveBack: () => void } {
  const pair = pool.take();
  assert.ok(pair);
  return { port: pair.rtpPort, giveBack: () => pool.release(pair) };
}

describe("PortPool", () => {
  test("binds beforehand what it was told, RTP on even ports and RTCP on the next", () => {
    const ports = portRange(4);
    const pool = poolOf({ ports, prebound: 3 });
    assert.equal(pool.fill(), undefined);
    assert.deepEqual([pool.free, pool.sockets, pool.quarantined], [3, 6, 0]);
    const pair = pool.take();
    assert.equal(pair?.rtp.port, ports.first);
    assert.equal(pair?.rtcp.port, ports.first + 1);
  });

  test("hands out the whole range in order, and then nothing", () => {
    const ports = portRange(3);
    const pool = poolOf({ ports, prebound: 1 });
    pool.fill();
    const got = [pool.take(), pool.take(), pool.take()].map((pair) => pair?.rtpPort);
    assert.deepEqual(got, [ports.first, ports.first + 2, ports.first + 4]);
    assert.equal(pool.take(), undefined);
    assert.equal(pool.sockets, 6);
  });

  test("an odd first and an even last port are left out", () => {
    const ports = portRange(4);
    const pool = poolOf({ ports: { first: ports.first + 1, last: ports.last - 1 }, prebound: 4 });
    assert.equal(pool.fill(), "ERANGE");
    assert.equal(pool.take()?.rtpPort, ports.first + 2);
    assert.equal(pool.take()?.rtpPort, ports.first + 4);
    assert.equal(pool.take(), undefined);
  });

  test("a range of one port holds nothing", () => {
    const { first } = portRange(1);
    assert.equal(poolOf({ ports: { first, last: first }, prebound: 1 }).fill(), "ERANGE");
    assert.equal(poolOf({ ports: { first, last: first + 1 }, prebound: 1 }).fill(), undefined);
  });

  test("a port is never handed out within 2 s of its release; at 2 s it may be", () => {
    const clock = new HandClock();
    const ports = portRange(1);
    const pool = poolOf({ ports, prebound: 1, clock });
    pool.fill();
    taken(pool).giveBack();
    assert.deepEqual([pool.free, pool.quarantined], [0, 1]);
    clock.advance(1999.5);
    assert.equal(pool.take(), undefined);
    clock.advance(0.5);
    assert.deepEqual([pool.quarantined, pool.free], [0, 1]);
    assert.equal(pool.take()?.rtpPort, ports.first);
  });

  test("released pairs go to the tail", () => {
    const clock = new HandClock();
    const ports = portRange(3);
    const pool = poolOf({ ports, prebound: 3, clock });
    pool.fill();
    const first = taken(pool);
    const second = taken(pool);
    second.giveBack();
    clock.advance(1);
    first.giveBack();
    clock.advance(2000);
    const got = [taken(pool).port, taken(pool).port, taken(pool).port];
    assert.deepEqual(got, [ports.first + 4, second.port, first.port]);
  });

  test("grows in the background when fewer than half are free, batch by batch, up to the range", () => {
    const clock = new HandClock();
    const pool = poolOf({ ports: portRange(20), prebound: 10, clock });
    pool.fill();
    for (let i = 0; i < 5; i += 1) taken(pool);
    assert.deepEqual([pool.free, clock.pendingTimers], [5, 0]);
    taken(pool);
    assert.deepEqual([pool.free, clock.pendingTimers], [4, 1]);
    clock.advance(0);
    assert.equal(growthBatch, 4);
    assert.deepEqual([pool.free, pool.sockets], [10, 32]);
    assert.equal(clock.pendingTimers, 0);
    for (let i = 0; i < 10; i += 1) taken(pool);
    clock.advance(0);
    assert.deepEqual([pool.free, pool.sockets], [4, 40]);
    for (let i = 0; i < 4; i += 1) taken(pool);
    assert.equal(pool.take(), undefined);
    assert.equal(clock.pendingTimers, 0);
  });

  test("one batch of growth binds four pairs, or as many as are wanted", () => {
    const clock = new HandClock();
    const pool = poolOf({ ports: portRange(12), prebound: 6, clock });
    pool.grow();
    assert.deepEqual([pool.free, clock.pendingTimers], [4, 1]);
    pool.grow();
    assert.equal(pool.free, 6);
    clock.advance(0);
    assert.deepEqual([pool.free, clock.pendingTimers], [6, 0]);
  });

  test("growth that meets its goal with its last pair plans no more", () => {
    const clock = new HandClock();
    const pool = poolOf({ ports: portRange(12), prebound: 4, clock });
    pool.grow();
    assert.deepEqual([pool.free, clock.pendingTimers], [4, 0]);
  });

  test("a busy port is skipped with its pair, and counted", async () => {
    const ports = portRange(3);
    const rtpTaken = await Peer.open(loopback, ports.first);
    const rtcpTaken = await Peer.open(loopback, ports.first + 3);
    const pool = poolOf({ ports, prebound: 3 });
    assert.equal(pool.fill(), "ERANGE");
    assert.deepEqual([pool.free, pool.busyPorts, pool.sockets], [1, 2, 2]);
    assert.equal(pool.take()?.rtpPort, ports.first + 4);
    await Promise.all([rtpTaken.close(), rtcpTaken.close()]);
    const neighbour = await Peer.open(loopback, ports.first + 2);
    await neighbour.close();
  });

  test("takeAt gives the very port, bound or not, if nobody has it", () => {
    const clock = new HandClock();
    const ports = portRange(4);
    const pool = poolOf({ ports, prebound: 2, clock });
    pool.fill();
    const free = pool.takeAt(ports.first + 2);
    assert.equal(free?.rtpPort, ports.first + 2);
    assert.equal(pool.takeAt(ports.first + 4)?.rtpPort, ports.first + 4);
    assert.equal(pool.sockets, 6);
    assert.equal(pool.takeAt(ports.first + 2), undefined);
    assert.equal(pool.takeAt(ports.first + 1), undefined);
    assert.equal(pool.takeAt(ports.first - 2), undefined);
    assert.equal(pool.takeAt(ports.last + 1), undefined);
    const got = [taken(pool).port, taken(pool).port];
    assert.deepEqual(got, [ports.first, ports.first + 6]);
    assert.equal(pool.take(), undefined);
    assert.ok(free);
    pool.release(free);
    assert.equal(pool.takeAt(ports.first + 2), undefined);
    clock.advance(2000);
    assert.equal(pool.takeAt(ports.first + 2), free);
  });

  test("takeAt gives even ports only, and growth goes past what it gave without calling it busy", () => {
    const ports = portRange(3);
    const pool = poolOf({ ports, prebound: 3 });
    assert.equal(pool.takeAt(ports.first + 1), undefined, "nothing is bound that would stand in its way");
    assert.equal(pool.takeAt(ports.first)?.rtpPort, ports.first);
    assert.equal(pool.fill(), "ERANGE");
    assert.deepEqual([pool.free, pool.sockets, pool.busyPorts], [2, 6, 0]);
  });

  test("however many take, one growth is planned; none is left after close, nor anything to take", async () => {
    const clock = new HandClock();
    const ports = portRange(8);
    const pool = poolOf({ ports, prebound: 4, clock });
    pool.fill();
    for (let i = 0; i < 4; i += 1) taken(pool);
    assert.equal(clock.pendingTimers, 1);
    await pool.close();
    assert.equal(clock.pendingTimers, 0);
    assert.equal(pool.take(), undefined);
    assert.equal(pool.takeAt(ports.last - 1), undefined);
    assert.equal(pool.sockets, 0);
  });

  test("an address of another machine is an error code, not an exception", () => {
    const pool = new PortPool({
      clock: new HandClock(),
      place: { kind: "native", address: "192.0.2.1", counters: { strayPackets: 0, socketErrors: 0 } },
      ports: portRange(1),
      preboundEndpoints: 1,
      quarantineMs: 2000,
    });
    assert.equal(pool.fill(), "EADDRNOTAVAIL");
    assert.equal(pool.take(), undefined);
    assert.equal(pool.busyPorts, 0);
  });

  test("close gives every port back to the system and ends growth; twice is fine", async () => {
    const clock = new HandClock();
    const ports = portRange(2);
    const pool = poolOf({ ports, prebound: 2, clock });
    pool.fill();
    const first = taken(pool);
    taken(pool);
    await pool.close();
    await pool.close();
    first.giveBack();
    assert.deepEqual([pool.free, pool.quarantined, pool.sockets, clock.pendingTimers], [0, 0, 0, 0]);
    assert.equal(pool.take(), undefined);
    assert.equal(pool.takeAt(ports.first), undefined);
    const peer = await Peer.open(loopback, ports.first);
    await peer.close();
  });
});
