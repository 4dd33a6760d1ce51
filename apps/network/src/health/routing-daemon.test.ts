import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { CommandResult, RunCommand } from "../kernel/command.ts";
import { askRoutingDaemon } from "./ask-routing-daemon.ts";
import { readBfdPeers, readBgpSummary } from "./routing-daemon.ts";

/** Recorded from FRR 8.4. */
const sample = (name: string): string =>
  readFileSync(join(import.meta.dirname, "samples", `${name}.json`), "utf8");

test("BGP: established, and not", () => {
  assert.deepEqual(readBgpSummary(sample("bgp-established")), [
    { peer: "169.254.1.2", state: "Established" },
  ]);
  assert.deepEqual(readBgpSummary(sample("bgp-idle")), [{ peer: "169.254.1.2", state: "Active" }]);
});

test("BFD: up and down, with the device", () => {
  assert.deepEqual(readBfdPeers(sample("bfd-up")), [{ peer: "169.254.1.2", status: "up", device: "line-a" }]);
  assert.deepEqual(readBfdPeers(sample("bfd-down")), [
    { peer: "169.254.1.2", status: "down", device: "line-a" },
  ]);
});

test("peers without an address family; a neighbour is what it is in its worst family", () => {
  assert.deepEqual(readBgpSummary('{"peers":{"wan1":{"state":"Idle"}}}'), [{ peer: "wan1", state: "Idle" }]);
  const both = {
    ipv4Unicast: { peers: { a: { state: "Established" } } },
    ipv6Unicast: { peers: { a: { state: "Connect" } } },
  };
  assert.deepEqual(readBgpSummary(JSON.stringify(both)), [{ peer: "a", state: "Connect" }]);
  const turned = { ipv6Unicast: both.ipv6Unicast, ipv4Unicast: both.ipv4Unicast };
  assert.deepEqual(readBgpSummary(JSON.stringify(turned)), [{ peer: "a", state: "Connect" }]);
});

test("whatever else vtysh prints: nothing is known", () => {
  for (const output of [
    "",
    "% BGP instance not found\n",
    "[]",
    "{}",
    "null",
    '{"peers":[1]}',
    '{"peers":{"a":{}}}',
    '{"warning":"x"}',
  ]) {
    assert.deepEqual(readBgpSummary(output), [], output);
  }
  for (const output of ["", "{}", "[1,null]", '[{"peer":"a"}]', '[{"status":"up"}]'])
    assert.deepEqual(readBfdPeers(output), [], output);
  assert.deepEqual(readBfdPeers('[{"peer":"a","status":"up"}]'), [
    { peer: "a", status: "up", device: undefined },
  ]);
});

function vtysh(exitCode: number | null): { run: RunCommand; asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  const run: RunCommand = (argv) => {
    asked.push(argv);
    const stdout = argv.at(-1)?.includes("bgp") === true ? sample("bgp-established") : sample("bfd-up");
    const result: CommandResult = {
      argv,
      exitCode,
      stdout: exitCode === 0 ? stdout : "",
      stderr: "spawn vtysh ENOENT",
    };
    return Promise.resolve(result);
  };
  return { run, asked };
}

test("vtysh is run as configured", async () => {
  const { run, asked } = vtysh(0);
  const state = await askRoutingDaemon(run, {
    path: "/opt/frr/vtysh",
    pathspace: "one",
    socketDirectory: "/run/frr",
  });
  assert.equal(state.bgp[0]?.state, "Established");
  assert.equal(state.bfd[0]?.status, "up");
  const program = ["/opt/frr/vtysh", "-N", "one", "--vty_socket", "/run/frr", "-c"];
  assert.deepEqual(asked, [
    [...program, "show bgp summary json"],
    [...program, "show bfd peers json"],
  ]);
  const plain = vtysh(0);
  await askRoutingDaemon(plain.run, {});
  assert.deepEqual(plain.asked[0], ["vtysh", "-c", "show bgp summary json"]);
});

test("a vtysh that does not run is an error; one that has nothing to say is not", async () => {
  await assert.rejects(
    askRoutingDaemon(vtysh(null).run, {}),
    /vtysh -c show bgp summary json did not run: spawn vtysh ENOENT/,
  );
  assert.deepEqual(await askRoutingDaemon(vtysh(1).run, {}), { bgp: [], bfd: [] });
});
