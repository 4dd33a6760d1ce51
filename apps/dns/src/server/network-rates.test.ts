import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { NetworkRates } from "./network-rates.ts";
import { sourceNetwork } from "./source-network.ts";

function rates(maximumNetworks = 10) {
  const clock = new HandClock();
  return { clock, rates: new NetworkRates({ clock, perSecond: 10, burst: 3, maximumNetworks }) };
}

test("a burst is taken at once, then so many a second; refusals are counted in a row", () => {
  const { clock, rates: one } = rates();
  assert.deepEqual(
    [one.take("a"), one.take("a"), one.take("a"), one.take("a"), one.take("a")],
    [0, 0, 0, 1, 2],
  );
  clock.advance(99);
  assert.equal(one.take("a"), 3);
  clock.advance(1);
  assert.equal(one.take("a"), 0);
  assert.equal(one.take("a"), 1);
  clock.advance(60_000);
  assert.deepEqual([one.take("a"), one.take("a"), one.take("a"), one.take("a")], [0, 0, 0, 1]);
});

test("networks do not share a rate", () => {
  const { rates: one } = rates();
  for (let times = 0; times < 4; times++) one.take("a");
  assert.equal(one.take("b"), 0);
});

test("at the limit of networks all are remembered; one more forgets the one that was silent longest", () => {
  const { rates: one } = rates(2);
  for (let times = 0; times < 4; times++) one.take("a");
  one.take("b");
  assert.equal(one.size, 2);
  assert.equal(one.take("a"), 2);
  one.take("c");
  assert.equal(one.size, 2);
  assert.equal(one.take("a"), 3, "a was used after b");
  for (let times = 0; times < 4; times++) one.take("b");
  one.take("c");
  one.take("d");
  assert.equal(one.take("b"), 0, "b was forgotten");
});

test("a source is counted under its /24 or /56", () => {
  const table: [string, string][] = [
    ["192.0.2.1", "192.0.2.0/24"],
    ["255.255.255.255", "255.255.255.0/24"],
    ["::ffff:192.0.2.9", "192.0.2.0/24"],
    ["2001:db8:1:2ab::1", "2001:db8:1:200::/56"],
    ["2001:db8:1:2ff:1::", "2001:db8:1:200::/56"],
    ["2001:db8:1:300::1", "2001:db8:1:300::/56"],
    ["fe80::1%eth0", "fe80:0:0:0::/56"],
    ["no address", "no address"],
  ];
  for (const [address, network] of table) assert.equal(sourceNetwork(address), network);
});
