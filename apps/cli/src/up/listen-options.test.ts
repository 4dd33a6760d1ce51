import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { GatewayConfiguration, NameServerConfiguration, validator } from "@tandem/contracts";
import { wantedPorts } from "../doctor/wanted-ports.ts";
import { recordingContext } from "../testing/recording-context.ts";
import { controlProgram, controlUrl } from "./control-program.ts";
import { DataDirectory } from "./data-directory.ts";
import { gatewayConfiguration } from "./gateway-configuration.ts";
import { type ListenOptions, readListenOptions } from "./listen-options.ts";
import { nameServerConfiguration } from "./name-server-configuration.ts";
import { welcomeText } from "./welcome-text.ts";

const defaults = {
  data: "/data",
  listen: "127.0.0.1",
  sipPort: "5060",
  httpAddress: "127.0.0.1",
  httpPort: "8080",
  mediaPorts: "10000-19999",
  tlsPort: "5061",
  heartbeatPort: "5390",
  metricsPort: "9464",
};
const read = (change: Record<string, string>): ListenOptions => readListenOptions({ ...defaults, ...change });
const withTls = { tlsCertificate: "/c.pem", tlsKey: "/k.pem" };

describe("readListenOptions", () => {
  it("reads the defaults", () => {
    assert.deepEqual(read({}), {
      dataDirectory: "/data",
      listenAddress: "127.0.0.1",
      advertisedAddress: "127.0.0.1",
      sipPort: 5060,
      httpAddress: "127.0.0.1",
      httpPort: 8080,
      mediaPorts: { first: 10_000, last: 19_999 },
      tls: undefined,
      rtpengine: undefined,
      collector: undefined,
      nameServer: undefined,
      metrics: { address: "127.0.0.1", firstPort: 9464 },
    });
  });

  it("metrics are on loopback, wherever the REST interface is, or off", () => {
    assert.equal(read({ metricsPort: "off" }).metrics, undefined);
    const addressFor = (httpAddress: string) => read({ httpAddress }).metrics?.address;
    assert.deepEqual(["127.0.5.1", "::1", "0.0.0.0", "192.0.2.1", "::"].map(addressFor), [
      "127.0.5.1",
      "::1",
      "127.0.0.1",
      "127.0.0.1",
      "127.0.0.1",
    ]);
    assert.equal(read({ metricsPort: "65533" }).metrics?.firstPort, 65_533);
    assert.throws(() => read({ metricsPort: "65534" }), /three ports/);
  });

  it("a name server has a port for questions and one for heartbeats", () => {
    assert.deepEqual(read({ dnsPort: "5353" }).nameServer, { port: 5353, heartbeatPort: 5390 });
    assert.deepEqual(read({ dnsPort: "53", heartbeatPort: "1" }).nameServer, { port: 53, heartbeatPort: 1 });
  });

  it("advertises another address behind NAT", () => {
    const options = read({ listen: "0.0.0.0", advertise: "198.51.100.7" });
    assert.equal(options.listenAddress, "0.0.0.0");
    assert.equal(options.advertisedAddress, "198.51.100.7");
  });

  it("rtpengine has an address and a port", () => {
    assert.deepEqual(read({ rtpengine: "127.0.0.1:2223" }).rtpengine, { address: "127.0.0.1", port: 2223 });
    assert.deepEqual(read({ rtpengine: "[::1]:1" }).rtpengine, { address: "::1", port: 1 });
  });

  it("a collector of traces has an address and a port", () => {
    assert.deepEqual(read({ trace: "192.0.2.1:9060" }).collector, { address: "192.0.2.1", port: 9060 });
    assert.deepEqual(read({ trace: "[::1]:65535" }).collector, { address: "::1", port: 65_535 });
  });

  it("TLS has its own port", () => {
    assert.deepEqual(read(withTls).tls, { port: 5061, certificateFile: "/c.pem", keyFile: "/k.pem" });
  });

  const refused: readonly (readonly [change: Record<string, string>, message: RegExp])[] = [
    [{ listen: "0.0.0.0" }, /needs --advertise/],
    [{ rtpengine: "127.0.0.1" }, /--rtpengine 127\.0\.0\.1: an IP address and a port/],
    [{ rtpengine: "relay:2223" }, /an IP address and a port/],
    [{ rtpengine: "127.0.0.1:0" }, /an IP address and a port/],
    [{ trace: "homer:9060" }, /--trace homer:9060: an IP address and a port, 127\.0\.0\.1:9060/],
    [{ trace: "127.0.0.1:65536" }, /an IP address and a port/],
    [{ listen: "::" }, /needs --advertise/],
    [{ listen: "localhost" }, /--listen localhost: an IP address/],
    [{ advertise: "0.0.0.0" }, /needs --advertise/],
    [{ advertise: "example.com" }, /--advertise example.com: an IP address/],
    [{ httpAddress: "x" }, /--http-address x: an IP address/],
    [{ sipPort: "0" }, /--sip-port 0: a port/],
    [{ sipPort: "65536" }, /--sip-port 65536: a port/],
    [{ httpPort: "8080x" }, /--http-port 8080x: a port/],
    [{ mediaPorts: "10001-19999" }, /--media-ports/],
    [{ mediaPorts: "1022-19999" }, /--media-ports/],
    [{ mediaPorts: "10000-10000" }, /--media-ports/],
    [{ mediaPorts: "10000-65536" }, /--media-ports/],
    [{ mediaPorts: "10000" }, /--media-ports/],
    [{ tlsCertificate: "/c.pem" }, /both --tls-certificate and --tls-key/],
    [{ tlsKey: "/k.pem" }, /both --tls-certificate and --tls-key/],
    [{ ...withTls, tlsPort: "0" }, /--tls-port 0: a port/],
    [{ dnsPort: "0" }, /--dns-port 0: a port/],
    [{ dnsPort: "53", heartbeatPort: "65536" }, /--heartbeat-port 65536: a port/],
    [
      { dnsPort: "53", listen: "0.0.0.0", advertise: "198.51.100.7" },
      /--dns-port needs --listen with an address/,
    ],
  ];
  for (const [change, message] of refused) {
    it(`refuses ${JSON.stringify(change)}`, () => assert.throws(() => read(change), message));
  }

  it("takes the last ports there are", () => {
    assert.equal(read({ sipPort: "65535", httpPort: "1" }).sipPort, 65_535);
    assert.deepEqual(read({ mediaPorts: "1024-65535" }).mediaPorts, { first: 1024, last: 65_535 });
  });
});

describe("what follows from the options", () => {
  const place = { name: "gateway-1", edge: "ashburn", region: "us1" };
  const control = { url: "http://127.0.0.1:8080", token: "t" };

  it("the gateway's configuration is as the contract says", () => {
    for (const options of [read({}), read(withTls), read({ listen: "0.0.0.0", advertise: "198.51.100.7" })]) {
      const checked = validator(GatewayConfiguration)(
        gatewayConfiguration(options, place, control, "/data/gateway"),
      );
      assert.ok(checked.ok, JSON.stringify(checked));
      assert.deepEqual(checked.value.interfaces[0]?.roles, ["private", "public", "carrier"]);
      assert.equal(checked.value.interfaces[0]?.tlsPort, options.tls?.port);
      assert.equal(checked.value.interfaces[0]?.advertisedAddress, options.advertisedAddress);
      assert.equal(checked.value.tls?.certificates.length, options.tls === undefined ? undefined : 1);
    }
  });

  it("each option has its place in the gateway's configuration", () => {
    const options = read({ ...withTls, listen: "10.0.0.1", advertise: "198.51.100.7" });
    assert.deepEqual(gatewayConfiguration(options, place, control, "/data/gateway"), {
      ...place,
      stateDirectory: "/data/gateway",
      control,
      interfaces: [
        {
          name: "main",
          roles: ["private", "public", "carrier"],
          localAddress: "10.0.0.1",
          advertisedAddress: "198.51.100.7",
          udpPort: 5060,
          tcpPort: 5060,
          tlsPort: 5061,
        },
      ],
      mediaPorts: { first: 10_000, last: 19_999 },
      metrics: { address: "127.0.0.1", port: 9465 },
      tls: { certificates: [{ serverNames: [], certificateFile: "/c.pem", keyFile: "/k.pem" }] },
    });
  });

  it("control is told everything by its environment, over ours", () => {
    const directory = mkdtempSync(join(tmpdir(), "tandem-control-program-"));
    try {
      const options = {
        ...read({ httpAddress: "0.0.0.0", httpPort: "81" }),
        baseDomain: "sip.test",
        databaseUrl: "postgres://h/d",
        hasConsole: true,
        topologyFile: "/r/topology/loopback.yaml",
        gateway: place,
      };
      const context = recordingContext({ environment: { PATH: "/bin", TANDEM_HTTP_PORT: "9" }, root: "/r" });
      const program = controlProgram(options, new DataDirectory(directory), "gateway-token", context);
      assert.equal(program.file, process.execPath);
      assert.equal(program.args.at(-1), "/r/apps/control/src/main.ts");
      assert.deepEqual(program.environment, {
        TANDEM_METRICS_ADDRESS: "127.0.0.1",
        TANDEM_METRICS_PORT: "9464",
        PATH: "/bin",
        TANDEM_DATA_DIRECTORY: join(directory, "control"),
        TANDEM_HTTP_ADDRESS: "0.0.0.0",
        TANDEM_HTTP_PORT: "81",
        TANDEM_PUBLIC_URL: "http://127.0.0.1:81",
        TANDEM_BASE_DOMAIN: "sip.test",
        TANDEM_DATABASE_URL: "postgres://h/d",
        TANDEM_TOPOLOGY_FILE: "/r/topology/loopback.yaml",
        TANDEM_CREDENTIALS_FILE: join(directory, "credentials.json"),
        TANDEM_GATEWAY_TOKENS: "gateway-1=gateway-token",
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("the ports that must be free", () => {
    const names = wantedPorts(read({ ...withTls, httpAddress: "::1" })).map(
      ({ protocol, address, port }) => `${protocol} ${address} ${port}`,
    );
    assert.deepEqual(names, [
      "udp 127.0.0.1 5060",
      "tcp 127.0.0.1 5060",
      "tcp 127.0.0.1 5061",
      "tcp ::1 8080",
    ]);
  });

  it("a name server's ports too, when one is wanted", () => {
    const ports = wantedPorts(read({ dnsPort: "5353", listen: "127.0.0.2" })).slice(-3);
    assert.deepEqual(
      ports.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`),
      ["udp 127.0.0.2 5353", "tcp 127.0.0.2 5353", "udp 127.0.0.1 5390"],
    );
  });

  it("the name server's configuration is as the contract says, and the gateway beats for it", () => {
    const options = read({ dnsPort: "5353", listen: "10.0.0.1", advertise: "198.51.100.7" });
    assert.ok(options.nameServer !== undefined);
    const made = nameServerConfiguration(options, options.nameServer, control, "/data/dns");
    assert.deepEqual(made, {
      name: "name-server-1",
      stateDirectory: "/data/dns",
      control,
      listen: [{ address: "10.0.0.1", port: 5353 }],
      heartbeats: [{ address: "127.0.0.1", port: 5390 }],
      metrics: { address: "127.0.0.1", port: 9466 },
      nameServers: [{ name: "ns1", addresses: ["198.51.100.7"] }],
    });
    assert.ok(validator(NameServerConfiguration)(made).ok);
    const gateway = gatewayConfiguration(options, place, control, "/data/gateway");
    assert.deepEqual(gateway.heartbeatTargets, ["127.0.0.1:5390"]);
    assert.equal(
      "heartbeatTargets" in gatewayConfiguration(read({}), place, control, "/data/gateway"),
      false,
    );
  });

  it("control knows the name server's token only when there is one", () => {
    const directory = mkdtempSync(join(tmpdir(), "tandem-up-"));
    try {
      const more = {
        baseDomain: "sip.test",
        databaseUrl: undefined,
        hasConsole: true,
        topologyFile: "topology.yaml",
      };
      const options = { ...read({}), ...more, gateway: place };
      const context = recordingContext({ environment: {}, root: "/r" });
      const environmentWith = (token?: string) =>
        controlProgram(options, new DataDirectory(directory), "g", context, token).environment;
      assert.equal(environmentWith("t")["TANDEM_NAME_SERVER_TOKENS"], "name-server-1=t");
      assert.equal("TANDEM_NAME_SERVER_TOKENS" in environmentWith(), false);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("where this machine reaches control", () => {
    assert.equal(controlUrl(read({})), "http://127.0.0.1:8080");
    assert.equal(controlUrl(read({ httpAddress: "0.0.0.0", httpPort: "81" })), "http://127.0.0.1:81");
    assert.equal(controlUrl(read({ httpAddress: "::" })), "http://[::1]:8080");
    assert.equal(controlUrl(read({ httpAddress: "192.0.2.1" })), "http://192.0.2.1:8080");
  });

  it("the welcome names addresses, credentials and the limits of the embedded database", () => {
    const options = {
      ...read(withTls),
      baseDomain: "tandem.test",
      databaseUrl: undefined,
      hasConsole: true,
      topologyFile: "/t.yaml",
      gateway: place,
    };
    const connection = { url: "http://127.0.0.1:8080", accountSid: "AC1", authToken: "s3cret" };
    const text = welcomeText(options, place, connection);
    const parts = [
      "127.0.0.1:5060",
      "127.0.0.1:5061",
      "10000-19999",
      "AC1",
      "s3cret",
      "http://127.0.0.1:8080",
      ".pstn.tandem.test",
      "/t.yaml",
    ];
    for (const part of parts) assert.ok(text.includes(part), part);
    assert.match(text, /embedded \(not safe against power loss\)/);
    assert.doesNotMatch(text, /names/);
    assert.match(text, /^ {2}console +http:\/\/127\.0\.0\.1:8080\/console\/$/m);
    assert.doesNotMatch(welcomeText({ ...options, hasConsole: false }, place, connection), /console/);
    const withNames = welcomeText({ ...options, ...read({ dnsPort: "5353" }) }, place, connection);
    assert.match(withNames, /^ {2}names +127\.0\.0\.1:5353 UDP and TCP/m);
    assert.match(
      welcomeText({ ...options, databaseUrl: "postgres://x" }, place, connection),
      /database +PostgreSQL\n/,
    );
  });
});
