import assert from "node:assert/strict";
import { test } from "node:test";
import { agentScript, flow, settled } from "../testing/index.ts";
import { type ResolvedTargets, resolveUri, targetOfFlow } from "./next-hop.ts";

const path = { interfaceName: "line-1", connection: "TX1" };

test("a numeric host is found at once, on the path", () => {
  const { locator } = agentScript();
  const found: ResolvedTargets[] = [];
  resolveUri(locator, "sip:bob@192.0.2.7:5070;transport=tcp", path, (resolved) => found.push(resolved));
  const [resolved] = found;
  assert.ok(resolved?.ok);
  assert.deepEqual(resolved.targets, [
    {
      interfaceName: "line-1",
      connection: "TX1",
      protocol: "TCP",
      address: "192.0.2.7",
      port: 5070,
      serverName: "192.0.2.7",
    },
  ]);
});

test("a name is found later, and at once when it is cached", async () => {
  const { locator } = agentScript({ addresses: { "a.example.com": ["192.0.2.7", "192.0.2.8"] } });
  const found: string[][] = [];
  const resolve = () =>
    resolveUri(locator, "sip:a.example.com:5060", path, (resolved) => {
      found.push(resolved.ok ? resolved.targets.map((one) => one.address) : [resolved.code]);
    });
  resolve();
  assert.deepEqual(found, []);
  await settled();
  resolve();
  assert.deepEqual(found, [
    ["192.0.2.7", "192.0.2.8"],
    ["192.0.2.7", "192.0.2.8"],
  ]);
});

test("no SIP URI, or a name that nobody knows, is told and not thrown", async () => {
  const { locator } = agentScript();
  const found: ResolvedTargets[] = [];
  resolveUri(locator, "tel:+15550001", path, (resolved) => found.push(resolved));
  resolveUri(locator, "sip:nowhere.example.com:5060", path, (resolved) => found.push(resolved));
  await settled();
  assert.deepEqual(
    found.map((resolved) => resolved.ok),
    [false, false],
  );
});

test("the target of a flow is its far end, on the flow itself", () => {
  const on = flow("TCP", {
    interfaceName: "line-1",
    connection: "TX1",
    remoteAddress: "192.0.2.9",
    remotePort: 4000,
  });
  assert.deepEqual(targetOfFlow(on), {
    interfaceName: "line-1",
    connection: "TX1",
    protocol: "TCP",
    address: "192.0.2.9",
    port: 4000,
    flow: on,
  });
});
