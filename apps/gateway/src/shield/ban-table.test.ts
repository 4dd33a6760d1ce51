import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { BanTable, maximumBans, unverifiedBanMs, verifiedBanMs } from "./ban-table.ts";

test("a ban ends with its time: a minute without proof, a quarter of an hour with it", () => {
  const clock = new HandClock();
  const bans = new BanTable(clock);
  bans.add("internet", "192.0.2.1", "stranger", false);
  bans.add("internet", "192.0.2.2", "stranger", true);
  clock.advance(unverifiedBanMs - 1);
  assert.equal(bans.get("internet", "192.0.2.1")?.cause, "stranger");
  assert.equal(bans.list().length, 2);
  clock.advance(1);
  assert.equal(bans.list().length, 1);
  assert.equal(bans.get("internet", "192.0.2.1"), undefined);
  assert.equal(bans.size, 1, "forgotten when it was asked for");
  clock.advance(verifiedBanMs - unverifiedBanMs - 1);
  assert.equal(bans.get("internet", "192.0.2.2")?.isVerified, true);
  clock.advance(1);
  assert.equal(bans.get("internet", "192.0.2.2"), undefined);
});

test("a ban holds on its interface only", () => {
  const bans = new BanTable(new HandClock());
  bans.add("internet", "192.0.2.1", "scanner", false);
  assert.equal(bans.get("customers", "192.0.2.1"), undefined);
  assert.equal(bans.delete("customers", "192.0.2.1"), false);
  assert.equal(bans.delete("internet", "192.0.2.1"), true);
  assert.equal(bans.size, 0);
});

test("what anybody may have sent does not shorten a ban that is verified", () => {
  const bans = new BanTable(new HandClock());
  const verified = bans.add("internet", "192.0.2.1", "scanner", true);
  assert.equal(bans.add("internet", "192.0.2.1", "stranger", false), verified);
  assert.equal(bans.size, 1);
});

test(`${maximumBans} bans, and one more takes the place of the one that ends first`, () => {
  const clock = new HandClock();
  const bans = new BanTable(clock);
  for (let source = 0; source < maximumBans; source += 1) {
    bans.add(source === 0 ? "other" : "internet", `10.0.${source >> 8}.${source & 255}`, "stranger", false);
    if (source === 0) clock.advance(1);
  }
  assert.equal(bans.list().length, maximumBans);
  bans.add("internet", "192.0.2.1", "stranger", false);
  assert.equal(bans.size, maximumBans);
  assert.equal(bans.get("other", "10.0.0.0"), undefined);
  assert.notEqual(bans.get("internet", "10.0.0.1"), undefined);
});
