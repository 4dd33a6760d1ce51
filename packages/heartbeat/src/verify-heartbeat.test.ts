import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { signHeartbeat } from "./sign-heartbeat.ts";
import { maximumHeartbeatBytes, verifyHeartbeat } from "./verify-heartbeat.ts";

const nowMs = 1_800_000_000_000;
const key = { id: 7, secret: "ab".repeat(32) };
const fields = { gateway: "ashburn-ix-1", edge: "ashburn-ix", atMs: nowMs, draining: false, liveCalls: 12 };

test("the datagram is the contract's JSON, its mac an HMAC-SHA256 over the fields before it", () => {
  const text = signHeartbeat(fields, key);
  const signed =
    `{"formatVersion":1,"gateway":"ashburn-ix-1","edge":"ashburn-ix","atMs":${nowMs},` +
    `"draining":false,"liveCalls":12,"keyId":7}`;
  const mac = createHmac("sha256", Buffer.from("ab".repeat(32), "hex"))
    .update(signed)
    .digest("hex");
  assert.equal(text, `${signed.slice(0, -1)},"mac":"${mac}"}`);
});

test("what was signed verifies, with the newest key and with one before it", () => {
  const newer = { id: 8, secret: "cd".repeat(32) };
  const expected = { ...fields, formatVersion: 1, keyId: 7 };
  for (const keys of [[key], [newer, key]]) {
    const verified = verifyHeartbeat(signHeartbeat(fields, key), keys, nowMs);
    assert.ok(verified.ok);
    const { mac, ...rest } = verified.value;
    assert.deepEqual(rest, expected);
    assert.match(mac, /^[0-9a-f]{64}$/);
  }
});

test("every field is signed", () => {
  const changes = {
    gateway: "ashburn-ix-2",
    edge: "london-ix",
    atMs: nowMs + 1,
    draining: true,
    liveCalls: 13,
    mac: "0".repeat(64),
  };
  const datagram = JSON.parse(signHeartbeat(fields, key));
  for (const [name, value] of Object.entries(changes)) {
    const changed = JSON.stringify({ ...datagram, [name]: value });
    assert.deepEqual(verifyHeartbeat(changed, [key], nowMs), { ok: false, error: "wrong-mac" }, name);
  }
  const other = { ...key, id: 9 };
  const renamed = JSON.stringify({ ...datagram, keyId: 9 });
  assert.deepEqual(verifyHeartbeat(renamed, [other], nowMs), { ok: false, error: "wrong-mac" }, "keyId");
});

test("a field that was not signed is not passed on; the order of the fields does not matter", () => {
  const { mac, ...rest } = JSON.parse(signHeartbeat(fields, key));
  const verified = verifyHeartbeat(JSON.stringify({ mac, extra: 1, ...rest }), [key], nowMs);
  assert.ok(verified.ok);
  assert.equal("extra" in verified.value, false);
});

test("30 s of difference are allowed in either direction, one millisecond more is not", () => {
  const text = signHeartbeat(fields, key);
  for (const offMs of [-30_000, 30_000])
    assert.ok(verifyHeartbeat(text, [key], nowMs + offMs).ok, `${offMs}`);
  for (const offMs of [-30_001, 30_001]) {
    assert.deepEqual(verifyHeartbeat(text, [key], nowMs + offMs), { ok: false, error: "wrong-time" });
  }
});

test("what is no heartbeat has an error of its own", () => {
  const text = signHeartbeat(fields, key);
  const cases: [string, string][] = [
    ["{", "not-json"],
    ["", "not-json"],
    ["7", "not-a-heartbeat"],
    ["null", "not-a-heartbeat"],
    [text.replace('"formatVersion":1', '"formatVersion":2'), "not-a-heartbeat"],
    [text.replace('"keyId":7', '"keyId":8'), "unknown-key"],
    [text.replace(/"mac":"../, '"mac":"'), "not-a-heartbeat"],
  ];
  for (const [datagram, error] of cases) {
    assert.deepEqual(verifyHeartbeat(datagram, [key], nowMs), { ok: false, error }, datagram);
  }
  assert.deepEqual(verifyHeartbeat(text, [], nowMs), { ok: false, error: "unknown-key" });
});

test("a datagram at the limit is read, one byte more is not", () => {
  const text = signHeartbeat(fields, key);
  const atLimit = text.padEnd(maximumHeartbeatBytes, " ");
  assert.ok(verifyHeartbeat(atLimit, [key], nowMs).ok);
  assert.deepEqual(verifyHeartbeat(`${atLimit} `, [key], nowMs), { ok: false, error: "too-long" });
});

test("a heartbeat of the longest names fits", () => {
  const long = { ...fields, gateway: "é".repeat(64), edge: "é".repeat(64), liveCalls: 1_000_000 };
  assert.ok(verifyHeartbeat(signHeartbeat(long, key), [key], nowMs).ok);
});

test("nothing that comes throws or is believed", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (text) => {
      assert.equal(verifyHeartbeat(text, [key], nowMs).ok, false);
    }),
  );
});
