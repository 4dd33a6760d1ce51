import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SourcePolicy } from "./media-relay.ts";
import { packetsToLock, relatchSilenceMs, SourceGate } from "./source-gate.ts";
import { trustedNetworksOf } from "./trusted-networks.ts";

const sdp = "192.0.2.1";
const signaling = "192.0.2.2";
const trusted = "198.51.100.7";
const stranger = "203.0.113.9";

function gateWith(source: SourcePolicy): SourceGate {
  const gate = new SourceGate();
  gate.signalingAddress = signaling;
  gate.trustedNetworks = trustedNetworksOf(["198.51.100.0/24"]);
  gate.setSource(source);
  gate.setRemote(sdp, 4000);
  return gate;
}

function lock(gate: SourceGate, port: number, nowMs = 0): void {
  for (let i = 0; i < packetsToLock; i += 1) assert.equal(gate.admit(sdp, port, 1, nowMs), "accepted");
}

test("limits are those of the rule book", () => {
  assert.equal(packetsToLock, 5);
  assert.equal(relatchSilenceMs, 2000);
});

describe("policy address", () => {
  test("takes any port of the SDP address and nothing else, trusted networks included", () => {
    const gate = gateWith("address");
    assert.equal(gate.admit(sdp, 4000, 1, 0), "accepted");
    assert.equal(gate.admit(sdp, 1, 1, 0), "accepted");
    for (const address of [signaling, trusted, stranger]) {
      assert.equal(gate.admit(address, 4000, 1, 0), "source-address");
    }
  });

  test("is the policy of a new gate, which takes nothing before there is a remote", () => {
    const gate = new SourceGate();
    assert.equal(gate.admit(sdp, 4000, 1, 0), "no-remote");
    gate.setRemote(sdp, 4000);
    assert.equal(gate.admit(sdp, 1, 1, 0), "accepted");
    gate.setRemote(undefined, 0);
    assert.equal(gate.admit(sdp, 1, 1, 0), "no-remote");
  });

  test("locks to the port of 5 packets of one SSRC", () => {
    const gate = gateWith("address");
    for (let i = 0; i < 4; i += 1) gate.admit(sdp, 5000, 1, 0);
    assert.equal(gate.judge(sdp, 5002, 0), "accepted");
    gate.admit(sdp, 5000, 1, 0);
    assert.equal(gate.admit(sdp, 5002, 1, 0), "source-port");
    assert.equal(gate.admit(stranger, 5000, 1, 0), "source-address");
    assert.equal(gate.admit(sdp, 5000, 2, 0), "accepted");
  });

  test("counts anew when port or SSRC change", () => {
    const byPort = gateWith("address");
    for (let i = 0; i < 4; i += 1) byPort.admit(sdp, 5000, 1, 0);
    byPort.admit(sdp, 5002, 1, 0);
    byPort.admit(sdp, 5000, 1, 0);
    assert.equal(byPort.judge(sdp, 5004, 0), "accepted");
    const bySsrc = gateWith("address");
    for (let i = 0; i < 4; i += 1) bySsrc.admit(sdp, 5000, 1, 0);
    bySsrc.admit(sdp, 5000, 2, 0);
    assert.equal(bySsrc.judge(sdp, 5004, 0), "accepted");
    for (let i = 0; i < 4; i += 1) bySsrc.admit(sdp, 5000, 2, 0);
    assert.equal(bySsrc.judge(sdp, 5004, 0), "source-port");
  });

  test("gives the lock up after 2 s of silence, and takes a new one after 5 packets", () => {
    const gate = gateWith("address");
    lock(gate, 5000, 1000);
    assert.equal(gate.admit(sdp, 5002, 1, 2999), "source-port");
    assert.equal(gate.admit(stranger, 5002, 1, 3000), "source-address");
    assert.equal(gate.admit(sdp, 5002, 1, 3000), "accepted");
    for (let i = 0; i < 3; i += 1) gate.admit(sdp, 5002, 1, 3000);
    assert.equal(gate.judge(sdp, 5000, 3000), "accepted");
    gate.admit(sdp, 5002, 1, 3000);
    assert.equal(gate.judge(sdp, 5000, 3000), "source-port");
  });

  test("packets of the locked port keep the lock", () => {
    const gate = gateWith("address");
    lock(gate, 5000, 0);
    gate.admit(sdp, 5000, 1, 1500);
    assert.equal(gate.admit(sdp, 5002, 1, 2500), "source-port");
  });

  test("setRemote frees the lock, even with the same address", () => {
    const gate = gateWith("address");
    lock(gate, 5000);
    gate.setRemote(sdp, 4000);
    assert.equal(gate.admit(sdp, 5002, 1, 0), "accepted");
    for (let i = 0; i < 3; i += 1) gate.admit(sdp, 5002, 1, 0);
    assert.equal(gate.judge(sdp, 5000, 0), "accepted");
  });

  test("always sends to the SDP address", () => {
    const gate = gateWith("address");
    lock(gate, 5000);
    assert.deepEqual([gate.sendAddress, gate.sendPort], [sdp, 4000]);
    assert.equal(gate.latched, undefined);
  });

  test("a gate that sends nowhere is latched to nothing", () => {
    const gate = gateWith("address");
    gate.setRemote(undefined, 0);
    assert.equal(gate.latched, undefined);
    gate.setRemote(sdp, 0);
    assert.equal(gate.latched, undefined);
  });

  test("a judged packet counts for nothing", () => {
    const gate = gateWith("address");
    for (let i = 0; i < 10; i += 1) gate.judge(sdp, 5000, 0);
    assert.equal(gate.admit(sdp, 5002, 1, 0), "accepted");
  });
});

describe("policy strict", () => {
  test("takes the SDP address and port only, however much comes or keeps silent", () => {
    const gate = gateWith("strict");
    for (let i = 0; i < 10; i += 1) assert.equal(gate.admit(sdp, 4000, 1, 0), "accepted");
    assert.equal(gate.admit(sdp, 4001, 1, 9000), "source-port");
    assert.equal(gate.admit(signaling, 4000, 1, 9000), "source-address");
    assert.equal(gate.admit(trusted, 4000, 1, 9000), "source-address");
    assert.deepEqual([gate.sendAddress, gate.sendPort], [sdp, 4000]);
  });

  test("takes nothing before there is a remote", () => {
    const gate = gateWith("strict");
    gate.setRemote(undefined, 0);
    assert.equal(gate.admit(sdp, 4000, 1, 0), "no-remote");
    assert.equal(gate.sendPort, 0);
  });
});

describe("policy symmetric", () => {
  for (const address of [sdp, signaling, trusted]) {
    test(`latches to the first packet from ${address}, and sends back there`, () => {
      const gate = gateWith("symmetric");
      assert.deepEqual([gate.sendAddress, gate.sendPort], [sdp, 4000]);
      assert.equal(gate.admit(stranger, 6000, 1, 0), "source-address");
      assert.equal(gate.admit(address, 6000, 1, 0), "accepted");
      assert.deepEqual([gate.sendAddress, gate.sendPort], [address, 6000]);
      assert.deepEqual(gate.latched, { address, port: 6000 });
    });
  }

  test("once latched takes nothing else, not even from the SDP address and port", () => {
    const gate = gateWith("symmetric");
    gate.admit(trusted, 6000, 1, 0);
    assert.equal(gate.admit(trusted, 6001, 1, 1999), "source-port");
    assert.equal(gate.admit(sdp, 4000, 1, 1999), "source-address");
    assert.equal(gate.admit(trusted, 6000, 2, 1999), "accepted");
    assert.deepEqual([gate.sendAddress, gate.sendPort], [trusted, 6000]);
  });

  test("latches anew after 2 s of silence, still to nobody strange", () => {
    const gate = gateWith("symmetric");
    gate.admit(trusted, 6000, 1, 1000);
    assert.equal(gate.admit(sdp, 4000, 1, 2999), "source-address");
    assert.equal(gate.admit(stranger, 4000, 1, 3000), "source-address");
    assert.equal(gate.admit(sdp, 4000, 1, 3000), "accepted");
    assert.deepEqual([gate.sendAddress, gate.sendPort], [sdp, 4000]);
    assert.equal(gate.admit(trusted, 6000, 1, 3000), "source-address");
  });

  test("refused packets do not count as life of the latched source, accepted ones do", () => {
    const gate = gateWith("symmetric");
    gate.admit(trusted, 6000, 1, 0);
    gate.admit(sdp, 4000, 1, 1500);
    assert.equal(gate.admit(sdp, 4000, 1, 2000), "accepted");
    const alive = gateWith("symmetric");
    alive.admit(trusted, 6000, 1, 0);
    alive.admit(trusted, 6000, 1, 1500);
    assert.equal(alive.admit(sdp, 4000, 1, 2000), "source-address");
  });

  test("a new SDP address arms the latch and is sent to at once", () => {
    const gate = gateWith("symmetric");
    gate.admit(trusted, 6000, 1, 0);
    gate.setRemote("192.0.2.77", 4000);
    assert.deepEqual([gate.sendAddress, gate.sendPort], ["192.0.2.77", 4000]);
    assert.equal(gate.admit(signaling, 7000, 1, 1), "accepted");
    assert.deepEqual([gate.sendAddress, gate.sendPort], [signaling, 7000]);
  });

  test("a new port is a new SDP address", () => {
    const gate = gateWith("symmetric");
    gate.admit(trusted, 6000, 1, 0);
    gate.setRemote(sdp, 4002);
    assert.deepEqual([gate.sendAddress, gate.sendPort], [sdp, 4002]);
  });

  test("the same SDP address arms the latch, but media goes on to the old source until then", () => {
    const gate = gateWith("symmetric");
    gate.admit(trusted, 6000, 1, 0);
    gate.setRemote(sdp, 4000);
    assert.deepEqual([gate.sendAddress, gate.sendPort], [trusted, 6000]);
    assert.equal(gate.admit(signaling, 7000, 1, 1), "accepted");
    assert.deepEqual([gate.sendAddress, gate.sendPort], [signaling, 7000]);
  });

  test("works without a remote, from signaling address and trusted networks", () => {
    const gate = gateWith("symmetric");
    gate.setRemote(undefined, 0);
    assert.equal(gate.sendPort, 0);
    assert.equal(gate.admit(sdp, 4000, 1, 0), "source-address");
    assert.equal(gate.admit(signaling, 7000, 1, 0), "accepted");
    assert.deepEqual([gate.sendAddress, gate.sendPort], [signaling, 7000]);
  });

  test("without trusted networks only signaling and SDP address remain", () => {
    const gate = gateWith("symmetric");
    gate.trustedNetworks = undefined;
    assert.equal(gate.admit(trusted, 6000, 1, 0), "source-address");
    assert.equal(gate.admit(signaling, 6000, 1, 0), "accepted");
  });

  test("leaving the policy leaves the latch", () => {
    const gate = gateWith("symmetric");
    gate.admit(trusted, 6000, 1, 0);
    gate.setSource("address");
    assert.deepEqual([gate.sendAddress, gate.sendPort], [sdp, 4000]);
    assert.equal(gate.admit(sdp, 9999, 1, 0), "accepted");
    assert.equal(gate.admit(trusted, 6000, 1, 0), "source-address");
  });

  test("latch takes over what a journal says", () => {
    const gate = gateWith("symmetric");
    gate.latch(trusted, 6000, 500);
    assert.deepEqual(gate.latched, { address: trusted, port: 6000 });
    assert.equal(gate.admit(sdp, 4000, 1, 2499), "source-address");
    assert.equal(gate.admit(sdp, 4000, 1, 2500), "accepted");
  });
});
