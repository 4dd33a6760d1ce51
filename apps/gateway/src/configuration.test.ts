import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readConfiguration } from "./configuration.ts";
import { configurationOf } from "./testing/gateway-script.ts";

function fileOf(context: TestContext, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "configuration-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "gateway.yaml");
  writeFileSync(file, text);
  return file;
}

const good = configurationOf();
const [customers, carriers] = good.interfaces;
assert.ok(customers !== undefined && carriers !== undefined);
const { tlsPort: _, ...withoutTls } = customers;
const valid = { ...good, interfaces: [withoutTls, carriers] };
const tls = { certificates: [{ serverNames: [], certificateFile: "c.pem", keyFile: "k.pem" }] };

test("a file may be JSON or YAML", (context) => {
  assert.deepEqual(readConfiguration(fileOf(context, JSON.stringify(valid))), valid);
  const yaml = `
name: gateway-1
edge: ashburn-ix
region: us1
stateDirectory: /var/lib/tandem
control: { url: "https://control.tandem.test", token: t }
mediaPorts: { first: 10000, last: 10001 }
interfaces:
  - { name: customers, roles: [public], localAddress: 198.51.100.1, udpPort: 5060 }
`;
  assert.equal(readConfiguration(fileOf(context, yaml)).interfaces[0]?.udpPort, 5060);
});

test("a TLS port with a certificate is fine", (context) => {
  const text = JSON.stringify({ ...valid, interfaces: [customers], tls });
  assert.equal(readConfiguration(fileOf(context, text)).interfaces[0]?.tlsPort, 5061);
});

test("a store of shared limits needs an address and no more", (context) => {
  const sharedLimits = { host: "192.0.2.6" };
  const text = JSON.stringify({ ...valid, sharedLimits });
  assert.deepEqual(readConfiguration(fileOf(context, text)).sharedLimits, sharedLimits);
});

const faults: readonly (readonly [what: string, configuration: object, fault: RegExp])[] = [
  ["a member of the wrong kind", { ...valid, name: 7 }, /gateway\.yaml: \/name: /],
  ["no interface", { ...valid, interfaces: [] }, /gateway\.yaml: \/interfaces: /],
  [
    "two interfaces of one name",
    { ...valid, interfaces: [withoutTls, { ...carriers, name: "customers" }] },
    /gateway\.yaml: \/interfaces: two interfaces are named customers$/,
  ],
  [
    "a store of shared limits without an address",
    { ...valid, sharedLimits: { port: 6379 } },
    /gateway\.yaml: \/sharedLimits: /,
  ],
  [
    "a prefix of keys that would take them apart",
    { ...valid, sharedLimits: { host: "192.0.2.6", keyPrefix: "a:b" } },
    /gateway\.yaml: \/sharedLimits\/keyPrefix: /,
  ],
  [
    "an odd first media port",
    { ...valid, mediaPorts: { first: 10_001, last: 19_999 } },
    /\/mediaPorts\/first: 10001 is odd; RTP takes the even port of a pair$/,
  ],
  [
    "a range without a pair",
    { ...valid, mediaPorts: { first: 10_000, last: 10_000 } },
    /\/mediaPorts: 10000 to 10000 holds no pair of ports$/,
  ],
  [
    "a range that ends before it begins",
    { ...valid, mediaPorts: { first: 10_000, last: 9999 } },
    /\/mediaPorts: 10000 to 9999 holds no pair of ports$/,
  ],
  ...([10_000, 19_999, 30_000] as const).map(
    (firstKernelPort) =>
      [
        `the kernel's ports from ${firstKernelPort}`,
        { ...valid, mediaPorts: { first: 10_000, last: 19_999 }, media: { firstKernelPort } },
        /\/media\/firstKernelPort: /,
      ] as const,
  ),
  [
    "a TLS port without a certificate",
    { ...valid, interfaces: [customers] },
    /\/tls: interface customers has a TLS port but there is no certificate$/,
  ],
  [
    "a collector of traces by name",
    { ...valid, trace: { collector: "homer.example:9060" } },
    /\/trace\/collector: homer\.example:9060 is no address$/,
  ],
  [
    "a name server by name",
    { ...valid, heartbeatTargets: ["192.0.2.1:5390", "ns.example"] },
    /\/heartbeatTargets: ns\.example is no address$/,
  ],
  [
    "kernel attribution without a private interface",
    {
      ...valid,
      lineAttribution: "kernel",
      interfaces: [{ ...customers, roles: ["public"], tlsPort: undefined }],
    },
    /\/lineAttribution: kernel needs one interface of role private, there are 0$/,
  ],
  [
    "kernel attribution with two of them",
    {
      ...valid,
      lineAttribution: "kernel",
      interfaces: ["a", "b"].map((name) => ({
        name,
        roles: ["private"],
        localAddress: "127.0.0.1",
        udpPort: 0,
      })),
    },
    /there are 2$/,
  ],
  ...([-21, 20, 1.5] as const).map(
    (nice) => [`a nice value of ${nice}`, { ...valid, nice }, /\/nice/] as const,
  ),
  ["sockets of another kind", { ...valid, datagrams: "dgram" }, /\/datagrams/],
  [
    "no URL of control",
    { ...valid, control: { url: "control", token: "t" } },
    /\/control\/url: control is no http or https URL$/,
  ],
  [
    "another scheme",
    { ...valid, control: { url: "ftp://control", token: "t" } },
    /\/control\/url: ftp:\/\/control is no http/,
  ],
];

for (const [what, configuration, fault] of faults) {
  test(`refused: ${what}`, (context) => {
    const file = fileOf(context, JSON.stringify(configuration));
    assert.throws(() => readConfiguration(file), fault);
  });
}

test("nice values are those of the kernel", (context) => {
  for (const nice of [-20, 0, 19]) {
    assert.equal(readConfiguration(fileOf(context, JSON.stringify({ ...valid, nice }))).nice, nice);
  }
});

test("datagrams go through native sockets or Node's own", (context) => {
  assert.equal(readConfiguration(fileOf(context, JSON.stringify(valid))).datagrams, undefined);
  for (const datagrams of ["native", "node"] as const) {
    const read = readConfiguration(fileOf(context, JSON.stringify({ ...valid, datagrams })));
    assert.equal(read.datagrams, datagrams);
  }
});

test("a range of exactly one pair is enough", (context) => {
  const mediaPorts = { first: 10_000, last: 10_001 };
  const read = readConfiguration(fileOf(context, JSON.stringify({ ...valid, mediaPorts })));
  assert.deepEqual(read.mediaPorts, mediaPorts);
});

test("a file that is not there, or can't be parsed, is named", (context) => {
  assert.throws(() => readConfiguration("/nowhere/gateway.yaml"), /^Error: \/nowhere\/gateway\.yaml: ENOENT/);
  assert.throws(() => readConfiguration(fileOf(context, "a: [")), /gateway\.yaml: /);
});

test("metrics need a port, and an address that is one", (context) => {
  const read = (metrics: object) => readConfiguration(fileOf(context, JSON.stringify({ ...valid, metrics })));
  assert.deepEqual(read({ port: 9465 }).metrics, { port: 9465 });
  assert.throws(() => read({}), /metrics/);
  assert.throws(() => read({ port: 1, adress: "127.0.0.1" }), /metrics/);
  assert.throws(() => read({ port: 65_536 }), /metrics\/port/);
  assert.throws(
    () => read({ address: "localhost", port: 1 }),
    /\/metrics\/address: localhost is no IP address/,
  );
});

test("STIR needs a URL that certificates are fetched from, and repositories at addresses", (context) => {
  const read = (stir: object) => readConfiguration(fileOf(context, JSON.stringify({ ...valid, stir })));
  const signing = { certificateUrl: "https://c.example/1.pem", certificateFile: "c", privateKeyFile: "k" };
  const verification = { authoritiesFile: "a", repositories: { "c.test": "10.0.0.1" } };
  assert.deepEqual(read({ signing, verification }).stir, { signing, verification });
  assert.deepEqual(read({}).stir, {});
  assert.throws(
    () => read({ signing: { ...signing, certificateUrl: "http://c.example/" } }),
    /\/stir\/signing\/certificateUrl: http:\/\/c\.example\/ is not https/,
  );
  const repositories = (given: object) => () =>
    read({ verification: { ...verification, repositories: given } });
  assert.throws(repositories({ "c.test": "c.test" }), /repositories\/c\.test: c\.test is no IP address/);
  assert.throws(repositories({ "C.test": "10.0.0.1" }), /C\.test is not lower case/);
  assert.throws(() => read({ verification: { ...verification, maximumWaitMs: 99 } }), /maximumWaitMs/);
  assert.throws(() => read({ signing: { ...signing, originationNamespace: "x" } }), /originationNamespace/);
});
