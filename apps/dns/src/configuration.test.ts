import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readConfiguration } from "./configuration.ts";

const directory = mkdtempSync(join(tmpdir(), "tandem-dns-"));
after(() => rmSync(directory, { recursive: true }));

const sound = {
  name: "ns1",
  stateDirectory: "state",
  control: { url: "http://127.0.0.1:8080", token: "a-token-of-its-own" },
  listen: [{ address: "192.0.2.53", port: 53 }],
  nameServers: [{ name: "ns1", addresses: ["192.0.2.53"] }],
};

function read(content: unknown): unknown {
  const file = join(directory, "dns.yaml");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return readConfiguration(file);
}

test("JSON and YAML are read", () => {
  assert.deepEqual(read(sound), sound);
  const yaml = `
name: ns1
stateDirectory: state
control: { url: "http://127.0.0.1:8080", token: a-token-of-its-own }
listen:
  - { address: 192.0.2.53, port: 53 }
nameServers:
  - { name: ns1, addresses: [192.0.2.53] }
`;
  assert.deepEqual(read(yaml), sound);
});

test("every setting there is may be given", () => {
  const full = {
    ...sound,
    heartbeats: [{ address: "0.0.0.0", port: 5390 }],
    nameServers: [...sound.nameServers, { name: "ns2.example.net", addresses: [] }],
    ttlSeconds: 30,
    responseRateLimit: { responsesPerSecond: 0.5, burst: 1 },
    logLevel: "debug",
  };
  assert.deepEqual(read(full), full);
});

const refused: [change: object, message: RegExp][] = [
  [{ name: "" }, /dns\.yaml: \/name/],
  [{ listen: [] }, /\/listen/],
  [{ listen: [{ address: "localhost", port: 53 }] }, /localhost is no IP address/],
  [{ listen: [{ address: "0.0.0.0", port: 53 }] }, /\/listen: 0\.0\.0\.0: name each address/],
  [{ listen: [{ address: "::", port: 53 }] }, /\/listen: ::: name each address/],
  [{ listen: [{ address: "192.0.2.1", port: 65_536 }] }, /\/listen/],
  [{ heartbeats: [{ address: "x", port: 1 }] }, /x is no IP address/],
  [{ nameServers: [] }, /\/nameServers/],
  [{ nameServers: [{ name: "ns 1", addresses: [] }] }, /\/nameServers/],
  [{ nameServers: [{ name: "ns1", addresses: [] }] }, /ns1 stands below the base domain and needs addresses/],
  [{ nameServers: [{ name: "ns1", addresses: ["ns1"] }] }, /ns1: ns1 is no IP address/],
  [{ ttlSeconds: 0 }, /\/ttlSeconds/],
  [{ responseRateLimit: { responsesPerSecond: 0, burst: 1 } }, /\/responseRateLimit/],
  [{ control: { url: "ftp://h", token: "t" } }, /\/control\/url: ftp:\/\/h/],
];
for (const [change, message] of refused) {
  test(`refused: ${JSON.stringify(change)}`, () =>
    assert.throws(() => read({ ...sound, ...change }), message));
}

test("a file that is not there or no YAML is refused with its name", () => {
  assert.throws(() => readConfiguration(join(directory, "none.yaml")), /none\.yaml: ENOENT/);
  assert.throws(() => read("{"), /dns\.yaml: /);
});
