import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelEndpoint } from "./kernel-endpoint.ts";
import type { KernelPlace } from "./kernel-place.ts";
import type { KernelPortPool } from "./kernel-port-pool.ts";
import { mappedAddress } from "./mapped-address.ts";
import { ServedPlaces } from "./served-places.ts";

const address = (text: string): Buffer => mappedAddress(text) ?? assert.fail(text);

/** Two media addresses on two devices: an endpoint on port 20000 of the first, one that was handed over on 20002. */
function script() {
  const places = new ServedPlaces();
  const endpoint = { name: "endpoint" } as unknown as KernelEndpoint;
  const pool = {} as KernelPortPool;
  for (const [ifindex, name, localAddress] of [
    [3, "public", "192.0.2.1"],
    [4, "line/TX1", "2001:db8::1"],
  ] as const) {
    const mediaInterface = { name, localAddress, advertisedAddress: localAddress };
    const place = { mediaInterface, ifindex, wireAddress: address(localAddress) } as KernelPlace;
    places.add(name, place, pool, new Set([20_004]));
  }
  places.get("public")?.endpoints.set(20_000, endpoint);
  places.get("line/TX1")?.endpoints.set(20_000, endpoint);
  places.get("public")?.handedOver.set(20_002, endpoint);
  return { places, endpoint };
}

test("a flow is an endpoint's by device, address and either port", () => {
  const { places, endpoint } = script();
  const here = { ifindex: 3, address: address("192.0.2.1") };
  assert.equal(places.endpointAt({ ...here, port: 20_000 }), endpoint);
  assert.equal(places.endpointAt({ ...here, port: 20_001 }), endpoint);
  assert.equal(places.endpointAt({ ...here, port: 20_002 }), undefined);
  assert.equal(places.endpointAt({ ...here, ifindex: 4, port: 20_000 }), undefined);
  assert.equal(places.endpointAt({ ...here, address: address("192.0.2.2"), port: 20_000 }), undefined);
});

test("an endpoint is found by its id, whatever the name of its interface", () => {
  const { places, endpoint } = script();
  assert.equal(places.endpointOf("public/20000"), endpoint);
  assert.equal(places.endpointOf("line/TX1/20000"), endpoint);
  assert.equal(places.endpointOf("public/20002"), undefined);
  assert.equal(places.endpointOf("other/20000"), undefined);
});

test("ports in use are our own, those handed over too, in any form of the address", () => {
  const { places } = script();
  for (const port of [20_000, 20_001, 20_002, 20_003]) assert.ok(places.isOwnAddress("192.0.2.1", port));
  assert.ok(places.isOwnAddress("2001:DB8:0::1", 20_001));
  assert.ok(!places.isOwnAddress("192.0.2.1", 20_004));
  assert.ok(!places.isOwnAddress("192.0.2.2", 20_000));
  assert.ok(!places.isOwnAddress("nonsense", 20_000));
});

test("what waits for adoption is counted over all places", () => {
  const { places } = script();
  assert.equal(places.orphans, 2);
  places.delete("public");
  assert.deepEqual([places.orphans, places.has("public"), places.has("line/TX1")], [1, false, true]);
});
