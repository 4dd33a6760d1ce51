/** The whole program, as `main.ts` starts it, with a gateway's end of the stream and HTTP from outside. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { Snapshot } from "@tandem/contracts";
import { createPostgresqlDatabase, describeOnBothEngines, postgresqlUrl } from "@tandem/database/testing";
import { readConfiguration } from "../src/configuration.ts";
import { type Control, startControl } from "../src/control.ts";
import { callRecord } from "./call-record-samples.ts";
import { connectionHealth } from "./gateway-state-sample.ts";
import { StreamGateway, until } from "./stream-gateway.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const token = "a-token-for-gateway-one";

let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "tandem-control-"));
});
after(() => rm(directory, { recursive: true }));

let data: string;
let count = 0;
beforeEach(() => {
  count += 1;
  data = join(directory, String(count));
});

function configuration(more: Record<string, string> = {}) {
  return readConfiguration({
    TANDEM_DATA_DIRECTORY: data,
    TANDEM_HTTP_PORT: "0",
    TANDEM_GATEWAY_TOKENS: `gw-1=${token}`,
    ...more,
  });
}

function portOf(control: Control): number {
  return Number(new URL(control.url).port);
}

describeOnBothEngines("control", (open) => {
  test("first start: credentials once and in a private file, a snapshot for gateways, calls of gateways in the API", async () => {
    const control = await startControl(configuration(), {
      clock: new HandClock(),
      logger: silent,
      database: await open(),
    });
    try {
      const credentials = JSON.parse(await readFile(join(data, "credentials.json"), "utf8"));
      assert.deepEqual(credentials, { url: "http://127.0.0.1:0", ...control.firstCredentials });
      for (const file of ["credentials.json", "secret.key"])
        assert.equal((await stat(join(data, file))).mode & 0o777, 0o600);
      assert.equal((await stat(data)).mode & 0o777, 0o700);
      assert.equal((await fetch(`${control.url}/health`)).status, 200);
      assert.match(await (await fetch(`${control.url}/console/`)).text(), /<tandem-console>/);

      const gateway = await StreamGateway.connect(portOf(control), token);
      gateway.hello();
      const first = (await gateway.next("snapshot")).snapshot;
      assert.equal(first.version, 1);
      assert.equal(first.realm, "tandem.test");
      assert.deepEqual(
        first.edges.find((edge) => edge.name === "ashburn-ix"),
        {
          name: "ashburn-ix",
          legacyId: "us1-ix",
          region: "us1",
          kind: "private",
        },
      );
      // Where the gateway is was a change of its own.
      assert.equal((await gateway.next("snapshot")).snapshot.gateways.length, 1);

      const { accountSid, authToken } = credentials as { accountSid: string; authToken: string };
      const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
      const ask = (path: string, form?: Record<string, string>) =>
        fetch(control.url + path, {
          headers: { authorization },
          ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
        });
      assert.equal(
        (await ask("/v1/Trunks", { FriendlyName: "Office", DomainName: "office.pstn.tandem.test" })).status,
        201,
      );
      const second = (await gateway.next("snapshot")).snapshot;
      assert.deepEqual(
        second.trunks.map((trunk) => trunk.domainLabel),
        ["office"],
      );
      gateway.send({ kind: "applied", snapshotVersion: second.version });

      const record = callRecord({ accountSid });
      gateway.send({ kind: "entries", entries: [{ sequence: 1, kind: "call-record", record }] });
      assert.deepEqual(await gateway.next("stored"), { kind: "stored", sequence: 1 });
      const call = ask(`/2010-04-01/Accounts/${accountSid}/Calls/${record.sid}.json`);
      // The gateway has to say first whether the call is still in progress.
      const command = await gateway.next("command");
      assert.deepEqual(command.command, { name: "live-calls", callSid: record.sid });
      gateway.send({ kind: "result", id: command.id, result: { ok: true, name: "live-calls", calls: [] } });
      assert.equal((await call).status, 200);
      await until(async () => {
        const { gateways } = (await (await ask("/v1/Gateways")).json()) as {
          gateways: { snapshot_version: number }[];
        };
        return gateways[0]?.snapshot_version === second.version;
      }, "what the gateway applied");
      gateway.close();
    } finally {
      await control.close();
    }
  });
});

/** Asks as the operator of that control. */
function asker(url: string, { accountSid, authToken }: { accountSid: string; authToken: string }) {
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
  return async (path: string, form?: Record<string, string>) => {
    const reply = await fetch(`${url}/v1/Interconnect/Connections${path}`, {
      headers: { authorization },
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
    });
    return (await reply.json()) as Record<string, unknown> & { sid: string };
  };
}

const line = {
  Type: "vpn",
  Edge: "london-ix",
  BandwidthMbps: "100",
  IpRoutes: "198.51.100.0/24",
  VpnGatewayAddress: "203.0.113.1",
};

test("a line is activated at one control with its gateway at another; one that dies meanwhile is replaced", async () => {
  const url = await postgresqlUrl(await createPostgresqlDatabase());
  const start = (clock: HandClock) =>
    startControl(configuration({ TANDEM_DATABASE_URL: url, TANDEM_LINE_POOL: "10.64.0.0/16" }), {
      clock,
      logger: silent,
    });
  const first = await start(new HandClock());
  const credentials = first.firstCredentials;
  assert.ok(credentials);
  const clock = new HandClock();
  const second = await start(clock);
  const ask = asker(first.url, credentials);
  // The example topology knows which exchanges have no 500 Mb/s.
  for (const Edge of ["ashburn-ix", "san-jose-ix"])
    assert.equal((await ask("", { ...line, Edge, BandwidthMbps: "500" }))["code"], 62035);
  const { sid } = await ask("", { ...line, BandwidthMbps: "500" });
  const gateway = await StreamGateway.connect(portOf(second), token);
  const interfaces = [
    {
      name: "inside",
      roles: ["private" as const],
      address: "185.187.132.68",
      udpPort: 5060,
      tcpPort: null,
      tlsPort: null,
    },
  ];
  gateway.hello({ edge: "london-ix", interfaces });
  const hello = await snapshotWith(gateway, clock, (snapshot) => snapshot.gateways.length === 1);
  assert.deepEqual(hello.gateways, [{ name: "gw-1", edge: "london-ix", interfaces }]);
  assert.equal(hello.backboneKeys.length, 2);
  assert.equal((await ask(`/${sid}`, { Status: "active" }))["status"], "in-transition");
  const told = await snapshotWith(gateway, clock, (snapshot) => statusIn(snapshot, sid) === "in-transition");
  assert.equal(told.connections[0]?.localAddress, "10.64.0.1");
  gateway.send({ kind: "applied", snapshotVersion: told.version });
  const connections = [connectionHealth(sid)];
  gateway.send({ kind: "state", liveCalls: 0, draining: false, targets: [], connections });
  await until(async () => (await ask(`/${sid}`))["status"] === "active", "the activation");
  const health = (await ask(`/${sid}`))["health"] as Record<string, unknown>[];
  assert.deepEqual(
    [health[0]?.["gateway"], health[0]?.["state"]],
    ["gw-1", "up"],
    "at the other control, too",
  );
  gateway.close();
  await until(async () => {
    const [entry] = (await ask(`/${sid}`))["health"] as Record<string, unknown>[];
    return entry?.["reason"] === "the gateway is not connected to control";
  }, "the end of the gateway's stream");

  // Both die with a transition under way; its time is up when the next one comes.
  const other = await ask("", line);
  assert.equal((await ask(`/${other.sid}`, { Status: "active" }))["status"], "in-transition");
  await first.close();
  await second.close();
  const third = await start(new HandClock({ wallMs: new HandClock().wallMs() + 60_000 }));
  const left = await asker(third.url, credentials)(`/${other.sid}`);
  assert.equal(left["status"], "inactive");
  const [last] = left["transitions"] as Record<string, unknown>[];
  assert.deepEqual([last?.["code"], last?.["cause"]], [62200, "no gateway of london-ix is connected"]);
  await third.close();
});

/** The first snapshot that is so. The other control's changes are found by looking, for which time must pass. */
async function snapshotWith(
  gateway: StreamGateway,
  clock: HandClock,
  isWanted: (snapshot: Snapshot) => boolean,
): Promise<Snapshot> {
  let wanted: Snapshot | undefined;
  await until(() => {
    clock.advance(100);
    for (const frame of gateway.frames)
      if (frame.kind === "snapshot" && isWanted(frame.snapshot)) wanted = frame.snapshot;
    return wanted !== undefined;
  }, "the snapshot");
  return wanted as Snapshot;
}

function statusIn({ connections }: Snapshot, sid: string): string | undefined {
  return connections.find((connection) => connection.sid === sid)?.status;
}

// A program that is started again needs a database that outlives it: a server's.
test("second start: no credentials; another key, another realm with credentials, a wrong token are refused", async () => {
  const url = await postgresqlUrl(await createPostgresqlDatabase());
  const start = (more: Record<string, string> = {}) =>
    startControl(configuration({ TANDEM_DATABASE_URL: url, ...more }), {
      clock: new HandClock(),
      logger: silent,
    });
  const first = await start({ TANDEM_BASE_DOMAIN: "example.test" });
  const credentials = first.firstCredentials;
  await first.close();
  await first.close();
  await rm(join(data, "credentials.json"));

  const second = await start();
  assert.equal(second.firstCredentials, undefined);
  await assert.rejects(stat(join(data, "credentials.json")));
  await assert.rejects(StreamGateway.connect(portOf(second), "wrong-token-0123456789"), /401/);
  const account = credentials?.accountSid ?? "";
  const headers = {
    authorization: `Basic ${Buffer.from(`${account}:${credentials?.authToken}`).toString("base64")}`,
  };
  const post = async (path: string, form: Record<string, string>) => {
    const reply = await fetch(`${second.url}/2010-04-01/Accounts/${account}/SIP/${path}`, {
      method: "POST",
      headers,
      body: new URLSearchParams(form),
    });
    assert.equal(reply.status, 201);
    return (await reply.json()) as { sid: string };
  };
  const list = await post("CredentialLists.json", { FriendlyName: "l" });
  await post(`CredentialLists/${list.sid}/Credentials.json`, { Username: "alice", Password: "Password1234" });
  await second.close();

  await assert.rejects(start({ TANDEM_REALM: "other.test" }), { code: "realm-is-fixed" });
  await assert.rejects(start({ TANDEM_KEY_FILE: join(directory, "no.key") }), { name: "KeyFileError" });
  const strange = await startControl(
    configuration({
      TANDEM_KEY_FILE: join(directory, "strange.key"),
      TANDEM_DATABASE_URL: await postgresqlUrl(await createPostgresqlDatabase()),
    }),
    {
      clock: new HandClock(),
      logger: silent,
    },
  );
  await strange.close();
  await assert.rejects(start({ TANDEM_KEY_FILE: join(directory, "strange.key") }), { code: "wrong-key" });

  const third = await start({ TANDEM_CONSOLE_DIRECTORY: "none" });
  assert.equal((await fetch(`${third.url}/console/`)).status, 404);
  const gateway = await StreamGateway.connect(portOf(third), token);
  gateway.hello();
  const { snapshot } = await gateway.next("snapshot");
  assert.deepEqual([snapshot.baseDomain, snapshot.realm], ["example.test", "example.test"]);
  assert.equal(snapshot.credentialLists[0]?.credentials[0]?.username, "alice");
  await third.close();
  assert.deepEqual(await gateway.ended(), { code: 1001, reason: "control is closing" });
});
