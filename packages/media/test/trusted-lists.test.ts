/** Lists of trusted networks as the kernel engine's map has them. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { KernelRelay } from "@tandem/media";
import { TrustedLists } from "../src/kernel/trusted-lists.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { closeRelay, kernelRelay } from "./kernel/stage.ts";
import { ThreeHosts } from "./kernel/three-hosts.ts";

describe("trusted lists", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  let relay: KernelRelay;
  before(async () => {
    hosts = new ThreeHosts();
    relay = await kernelRelay(hosts, new HandClock());
  });
  after(async () => {
    await closeRelay(hosts, relay);
    hosts.close();
  });

  const entries = (): number => [...relay.maps.networks.entries()].length;

  test("the same networks in any order and form are one list, others another; nobody is 0", () => {
    const lists = new TrustedLists(relay.maps.networks);
    assert.equal(lists.numberOf([]), 0);
    assert.equal(lists.numberOf(["nonsense", "10.0.0.0/33", "10.0.0.0/", "::1/129"]), 0);
    const first = lists.numberOf(["10.0.0.0/8", "192.0.2.7"]);
    assert.ok(first > 0);
    assert.equal(lists.numberOf(["192.0.2.7/32", "10.9.9.9/8", "10.0.0.0/8"]), first);
    const second = lists.numberOf(["fd00::/8"]);
    assert.notEqual(second, first);
    assert.equal(entries(), 3);
    lists.keepOnly(new Set([first]));
    assert.equal(entries(), 2);
    assert.equal(lists.numberOf(["10.0.0.0/8", "192.0.2.7"]), first);
  });

  test("numbers go on after a restart", () => {
    const before = new TrustedLists(relay.maps.networks).numberOf(["198.51.100.0/24"]);
    const afterwards = new TrustedLists(relay.maps.networks);
    assert.equal(afterwards.numberOf(["198.51.100.0/24"]), before);
    assert.ok(afterwards.numberOf(["198.51.101.0/24"]) > before);
  });

  test("a list that finds no room trusts nobody, and leaves nothing behind", () => {
    const lists = new TrustedLists(relay.maps.networks);
    lists.keepOnly(new Set());
    const networks = (count: number): string[] =>
      Array.from({ length: count }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
    assert.equal(lists.numberOf(networks(8193)), 0);
    assert.equal(entries(), 0);
    assert.ok(lists.numberOf(networks(8192)) > 0);
    assert.equal(entries(), 8192);
  });
});
