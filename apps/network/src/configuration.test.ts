import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readHostConfiguration } from "./configuration.ts";

const usable = `
name: ashburn-ix-1
edge: ashburn-ix
region: us1
stateDirectory: /var/lib/tandem
control: { url: "http://127.0.0.1", token: x }
interfaces:
  - { name: customers, roles: [private], localAddress: 203.0.113.10, udpPort: 5060 }
mediaPorts: { first: 10000, last: 19999 }
network:
  daemonRoutedDevices: [wan3]
  vtysh: { pathspace: edge, intervalMs: 200 }
`;

function fileFor(context: TestContext, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "network-configuration-"));
  context.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "gateway.yaml");
  writeFileSync(file, text);
  return file;
}

test("the gateway's own file, with what the agent has to know besides", (context) => {
  const { gateway, edge } = readHostConfiguration(fileFor(context, usable));
  assert.deepEqual(gateway.network?.vtysh, { pathspace: "edge", intervalMs: 200 });
  assert.deepEqual(edge.udpPorts, [5060]);
});

const faults: readonly (readonly [what: string, change: (text: string) => string, error: RegExp])[] = [
  ["no YAML", () => "{", /gateway\.yaml: /],
  [
    "not of the contract",
    (text) => text.replace("intervalMs: 200", "intervalMs: 199"),
    /gateway\.yaml: \/network\/vtysh\/intervalMs/,
  ],
  [
    "a path in the pathspace",
    (text) => text.replace("pathspace: edge", "pathspace: ../x"),
    /\/network\/vtysh\/pathspace/,
  ],
  [
    "an edge that can't be enforced",
    (text) => text.replace("[private]", "[public]"),
    /gateway\.yaml: .*none has the role private/,
  ],
];

for (const [what, change, error] of faults) {
  test(`refused: ${what}`, (context) => {
    assert.throws(() => readHostConfiguration(fileFor(context, change(usable))), error);
  });
}

test("a file that is not there is named", () => {
  assert.throws(
    () => readHostConfiguration("/nonexistent/gateway.yaml"),
    /^Error: \/nonexistent\/gateway\.yaml: ENOENT/,
  );
});
