import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { UserspaceRelay } from "@tandem/media";

test("a relay knows the addresses of its open endpoints, local and advertised, RTP and RTCP", async (context) => {
  const relay = new UserspaceRelay({
    clock: new HandClock(),
    interfaces: [{ name: "public", localAddress: "127.0.0.1", advertisedAddress: "198.51.100.5" }],
    ports: { first: 41_000, last: 41_999 },
    preboundEndpoints: 1,
  });
  context.after(() => relay.close());
  const endpoint = relay.openEndpoint({ mediaInterface: "public", kind: "rtp" });
  assert.ok(endpoint !== undefined);
  const { localPort } = endpoint;
  for (const address of ["127.0.0.1", "198.51.100.5"]) {
    assert.equal(relay.isOwnAddress(address, localPort), true);
    assert.equal(relay.isOwnAddress(address, localPort + 1), true);
    assert.equal(relay.isOwnAddress(address, localPort + 2), false);
    assert.equal(relay.isOwnAddress(address, localPort - 1), false);
  }
  assert.equal(relay.isOwnAddress("127.0.0.2", localPort), false);
  assert.equal(relay.isOwnAddress("no address", localPort), false);
  endpoint.close();
  assert.equal(relay.isOwnAddress("127.0.0.1", localPort), false);
});
