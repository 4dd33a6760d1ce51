import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { EndpointJournal, RelayEndpoint } from "@tandem/media";
import { closeAll, fixture, opened, peerAt, policyOf, remoteAt } from "./bridge.ts";
import { eventually, portRange, rtpPacket } from "./wire.ts";

afterEach(closeAll);

/** The journal as it comes back from disk. */
function kept(endpoint: RelayEndpoint): EndpointJournal {
  return JSON.parse(JSON.stringify(endpoint.toJournal()));
}

describe("adoption after a restart", () => {
  test("same ports, remotes and policy, joined when both are back", async () => {
    const ports = portRange(4);
    const first = await fixture({ ports });
    const alice = await peerAt("127.0.0.1");
    const bob = await peerAt();
    const nowhere = await peerAt();
    const a = opened(first.relay);
    const b = opened(first.relay);
    a.setPolicy(policyOf("symmetric", ["127.0.0.1"], "192.0.2.1"));
    a.setRemote(remoteAt(nowhere));
    a.setHeld(true);
    a.setClockRate(16_000);
    a.setEventTypes([101]);
    b.setRemote(remoteAt(bob));
    first.relay.join(a, b);
    alice.send(rtpPacket(1), a.localPort);
    await eventually("latched", () => bob.received.length === 1);
    const journals = [kept(a), kept(b)] as const;
    assert.deepEqual(kept(a), {
      mediaInterface: "media",
      localPort: ports.first,
      kind: "rtp",
      clockRate: 16_000,
      eventTypes: [101],
      isHeld: true,
      remote: remoteAt(nowhere),
      policy: { source: "symmetric", signalingAddress: "192.0.2.1", trustedNetworks: ["127.0.0.1"] },
      latched: { address: "127.0.0.1", port: alice.port },
      latchedRtcp: null,
      partner: b.id,
    });
    await first.relay.close();

    const second = await fixture({ ports, prebound: 1 });
    const adoptedB = second.relay.adopt(journals[1]);
    assert.equal(adoptedB?.toJournal().partner, a.id);
    const adoptedA = second.relay.adopt(journals[0]);
    assert.ok(adoptedA && adoptedB);
    assert.deepEqual([adoptedA.id, adoptedB.id], [a.id, b.id]);
    assert.equal(adoptedA.isHeld, true);
    assert.deepEqual([kept(adoptedA), kept(adoptedB)], journals);
    bob.send(rtpPacket(2), adoptedB.localPort);
    await eventually("alice hears by her latch", () => alice.received.length === 1);
    alice.send(rtpPacket(2), adoptedA.localPort);
    await eventually("bob hears", () => bob.received.length === 2);
  });

  test("a journal of before has no event types, and none are told of then", async () => {
    const ports = portRange(2);
    const first = await fixture({ ports });
    const a = opened(first.relay);
    const journal = kept(a);
    assert.equal("eventTypes" in journal, false);
    a.setEventTypes([101]);
    const { eventTypes, ...old } = kept(a);
    assert.deepEqual(eventTypes, [101]);
    await first.relay.close();
    const second = await fixture({ ports });
    const adopted = second.relay.adopt(old);
    assert.ok(adopted);
    assert.deepEqual(kept(adopted), journal);
  });

  test("a port in use or out of range, or an unknown interface, cannot be adopted", async () => {
    const { relay, ports } = await fixture();
    const endpoint = opened(relay);
    const journal = endpoint.toJournal();
    assert.equal(relay.adopt(journal), undefined);
    assert.equal(relay.adopt({ ...journal, localPort: ports.last + 1 }), undefined);
    assert.equal(relay.adopt({ ...journal, mediaInterface: "other", localPort: ports.first + 2 }), undefined);
    assert.equal(relay.counts().open, 1);
  });

  test("a partner that does not say so is not joined", async () => {
    const { relay, ports } = await fixture();
    const other = opened(relay);
    const journal = { ...other.toJournal(), localPort: ports.first + 2, partner: other.id };
    relay.adopt(journal);
    assert.equal(other.toJournal().partner, null);
  });

  test("a kind of its own comes back too", async () => {
    const { relay, ports } = await fixture();
    const endpoint = opened(relay, "udptl");
    const adopted = relay.adopt({ ...endpoint.toJournal(), localPort: ports.first + 2 });
    assert.equal(adopted?.toJournal().kind, "udptl");
  });
});
