import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import {
  type CommandResult,
  type ControlFrame,
  type GatewayCommand,
  GatewayFrame,
  type Snapshot,
  type SnapshotGatewayInterface,
  type TargetHealth,
  validator,
} from "@tandem/contracts";
import { type WebSocket, WebSocketServer } from "ws";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { LedgerDouble } from "../testing/ledger-double.ts";
import { ControlLink } from "./control-link.ts";
import { targetsPerSlice } from "./state-frame.ts";

const validFrame = validator(GatewayFrame);

/** Control's end of the stream, by contracts. */
class ControlDouble {
  readonly server: WebSocketServer;
  readonly frames: GatewayFrame[] = [];
  readonly requests: { readonly url: string; readonly authorization: string | undefined }[] = [];
  readonly sockets: WebSocket[] = [];
  closes = 0;

  constructor(context: TestContext) {
    this.server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    this.server.on("connection", (socket, request) => {
      this.requests.push({ url: request.url ?? "", authorization: request.headers.authorization });
      this.sockets.push(socket);
      socket.on("close", () => (this.closes += 1));
      socket.on("message", (data: Buffer) => {
        const frame = validFrame(JSON.parse(data.toString("utf8")));
        assert.ok(frame.ok, frame.ok ? "" : frame.error);
        this.frames.push(frame.value);
      });
    });
    context.after(() => {
      for (const socket of this.sockets) socket.terminate();
      this.server.close();
    });
  }

  async url(): Promise<string> {
    if (this.server.address() === null)
      await new Promise((resolve) => this.server.once("listening", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get socket(): WebSocket {
    const last = this.sockets.at(-1);
    assert.ok(last !== undefined);
    return last;
  }

  send(frame: ControlFrame | object): void {
    this.socket.send(JSON.stringify(frame));
  }

  async next(kind: GatewayFrame["kind"]): Promise<GatewayFrame> {
    await until(`a frame ${kind} comes`, () => this.frames.some((frame) => frame.kind === kind));
    const [found] = this.frames.splice(
      this.frames.findIndex((frame) => frame.kind === kind),
      1,
    );
    assert.ok(found !== undefined);
    return found;
  }
}

/** Generous: only a failing test waits this long. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 2) {
    assert.ok(waitedMs < 20_000, `still waiting until ${what}`);
    await delay(2);
  }
}

interface Script {
  readonly control: ControlDouble;
  readonly link: ControlLink;
  readonly clock: HandClock;
  readonly ledger: LedgerDouble;
  readonly events: string[];
  readonly applied: Snapshot[];
  /** What came of snapshots in pieces and of changes. */
  readonly pieces: string[];
  readonly commands: GatewayCommand[];
  /** Of the state. */
  readonly targets: TargetHealth[];
  /** What the taking of snapshots and `perform` throw. */
  failure: string | undefined;
}

async function script(context: TestContext, url?: string): Promise<Script> {
  const control = new ControlDouble(context);
  const clock = new HandClock();
  const ledger = new LedgerDouble();
  const events: string[] = [];
  const applied: Snapshot[] = [];
  const pieces: string[] = [];
  const commands: GatewayCommand[] = [];
  const parts = {
    control,
    clock,
    ledger,
    events,
    applied,
    pieces,
    commands,
    targets: [] as TargetHealth[],
    failure: undefined as string | undefined,
  };
  const maybeFail = (): void => {
    if (parts.failure !== undefined) throw new Error(parts.failure);
  };
  let version = 0;
  const take = (what: string): void => {
    maybeFail();
    pieces.push(what);
  };
  const link = new ControlLink({
    clock,
    url: url ?? (await control.url()),
    token: "secret-token",
    gateway: "gateway 1",
    edge: "ashburn-ix",
    ledger,
    random: () => 0.5,
    snapshots: {
      get version() {
        return version;
      },
      whole: (snapshot) => {
        maybeFail();
        applied.push(snapshot);
        version = snapshot.version;
      },
      begin: (settings, counts) => take(`begin ${settings.version} with ${counts.numbers} numbers`),
      add: (objects) => take(`objects ${objects.numbers?.length} numbers`),
      end: (ended) => {
        take(`end ${ended}`);
        version = ended;
      },
      change: (change) => {
        take(`change ${change.fromVersion} to ${change.toVersion}`);
        version = change.toVersion;
      },
      abandon: () => pieces.push("abandon"),
    },
    perform: (command): CommandResult => {
      maybeFail();
      commands.push(command);
      return { ok: true, name: "hang-up", found: true };
    },
    state: () => ({ liveCalls: 3, draining: false, targets: parts.targets, connections: [], sisters: [] }),
    interfaces: () => [gatewayInterface],
    onEvent: (event, text) => events.push(`${event}: ${text}`),
  });
  context.after(() => link.close());
  return Object.assign(parts, { link });
}

const gatewayInterface: SnapshotGatewayInterface = {
  name: "customers",
  roles: ["private"],
  address: "203.0.113.64",
  udpPort: 5060,
  tcpPort: null,
  tlsPort: null,
};

async function connected(context: TestContext): Promise<Script> {
  const parts = await script(context);
  parts.link.start();
  await parts.control.next("hello");
  return parts;
}

test("it says who it is, with its token, and then its state every 5 s", async (context) => {
  const { control, link, clock } = await script(context);
  assert.equal(link.isConnected, false);
  link.start();
  assert.deepEqual(await control.next("hello"), {
    kind: "hello",
    streamVersion: 1,
    gateway: "gateway 1",
    edge: "ashburn-ix",
    snapshotVersion: 0,
    takesChanges: true,
    startedAtMs: clock.wallMs(),
    interfaces: [gatewayInterface],
  });
  assert.equal(link.isConnected, true);
  assert.deepEqual(control.requests, [
    { url: "/gateway-stream?gateway=gateway+1", authorization: "Bearer secret-token" },
  ]);
  assert.deepEqual(await control.next("state"), {
    kind: "state",
    liveCalls: 3,
    draining: false,
    targets: [],
    connections: [],
    sisters: [],
  });
  clock.advance(4999);
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  await control.next("state");
});

test("a snapshot is applied and confirmed; the next hello tells its version", async (context) => {
  const { control, applied, clock } = await connected(context);
  control.send({ kind: "snapshot", snapshot: exampleSnapshot({ version: 12 }) });
  assert.deepEqual(await control.next("applied"), { kind: "applied", snapshotVersion: 12, tookMs: 0 });
  assert.equal(applied.length, 1);
  control.socket.terminate();
  await until("the link has noticed", () => clock.pendingTimers === 1);
  clock.advance(10_000);
  const hello = await control.next("hello");
  assert.equal(hello.kind === "hello" && hello.snapshotVersion, 12);
});

test("a change of state and an applied snapshot are told within 50 ms, once, and then every 5 s again", async (context) => {
  const { control, link, clock } = await connected(context);
  await control.next("state");
  clock.advance(1000);
  link.onStateChange();
  clock.advance(49);
  // A change that comes later than the first neither delays it nor makes a second frame.
  link.onStateChange();
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  await control.next("state");
  clock.advance(4999);
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  await control.next("state");
  control.send({ kind: "snapshot", snapshot: exampleSnapshot({ version: 3 }) });
  await control.next("applied");
  clock.advance(50);
  await control.next("state");
});

test("thousands of targets are told in a frame that is written in slices, and a change meanwhile by the next", async (context) => {
  const { control, link, clock, targets } = await connected(context);
  await control.next("state");
  const one = { interface: "carriers", connection: null, state: "up", reason: null } as const;
  for (let index = 0; index < 2 * targetsPerSlice + 1; index++) targets.push({ sid: `CG${index}`, ...one });
  clock.advance(5000);
  link.onStateChange();
  await pinged(control);
  assert.deepEqual(control.frames, []);
  assert.equal(clock.nextDelayMs, 1);
  clock.advance(1);
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  const state = await control.next("state");
  assert.equal(state.kind === "state" && state.targets.length, targets.length);
  targets.length = 0;
  clock.advance(49);
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  await control.next("state");
});

test("a state that is half written when the stream ends is forgotten: the next stream begins with a new one", async (context) => {
  const { control, clock, targets } = await connected(context);
  await control.next("state");
  const one = { interface: "carriers", connection: null, state: "up", reason: null } as const;
  for (let index = 0; index <= targetsPerSlice; index++) targets.push({ sid: `CG${index}`, ...one });
  clock.advance(5000);
  control.socket.terminate();
  await until("the link has noticed", () => clock.nextDelayMs === 187.5);
  targets.length = 1;
  clock.advance(10_000);
  const state = await control.next("state");
  assert.equal(state.kind === "state" && state.targets.length, 1);
});

test("without a stream a change is told by the state that a stream begins with", async (context) => {
  const { control, link, clock } = await script(context);
  link.onStateChange();
  assert.equal(clock.pendingTimers, 0);
  link.start();
  await control.next("state");
  control.socket.terminate();
  await until("the link has noticed", () => clock.nextDelayMs === 187.5);
  link.onStateChange();
  assert.equal(clock.nextDelayMs, 187.5);
});

test("a snapshot that can't be used is reported and not confirmed; the stream goes on", async (context) => {
  const parts = await connected(context);
  parts.failure = "no nonce key";
  parts.control.send({ kind: "snapshot", snapshot: exampleSnapshot() });
  await until("it is refused", () => parts.events.includes("snapshot-refused: no nonce key"));
  parts.failure = undefined;
  parts.control.send({ kind: "snapshot", snapshot: exampleSnapshot({ version: 8 }) });
  assert.deepEqual(await parts.control.next("applied"), { kind: "applied", snapshotVersion: 8, tookMs: 0 });
});

const counts = {
  accounts: 0,
  trunks: 0,
  ipAccessControlLists: 0,
  credentialLists: 0,
  numbers: 1,
  carriers: 0,
  connections: 0,
};
const number = { sid: "PN1", accountSid: "AC1", trunkSid: null, phoneNumber: "+15551230000" };
const change = (fromVersion: number) => ({
  kind: "snapshot-change",
  change: {
    formatVersion: 2,
    fromVersion,
    toVersion: fromVersion + 1,
    settings: {},
    put: { numbers: [number] },
    removed: {},
    counts,
  },
});

test("a snapshot in pieces is confirmed when it is complete, and given up when the stream ends", async (context) => {
  const { control, pieces } = await connected(context);
  control.send({ kind: "snapshot-begin", settings: exampleSnapshot({ version: 12 }), counts });
  control.send({ kind: "snapshot-objects", objects: { numbers: [number] } });
  control.send({ kind: "snapshot-end", version: 12 });
  assert.deepEqual(await control.next("applied"), { kind: "applied", snapshotVersion: 12, tookMs: 0 });
  assert.deepEqual(pieces.splice(0), ["begin 12 with 1 numbers", "objects 1 numbers", "end 12"]);
  control.socket.terminate();
  await until("the pieces are given up", () => pieces.length > 0);
  assert.deepEqual(pieces, ["abandon"]);
});

test("a change is confirmed; one that can't be applied makes the gateway ask for the whole", async (context) => {
  const parts = await connected(context);
  const { control, pieces } = parts;
  control.send(change(0));
  assert.deepEqual(await control.next("applied"), { kind: "applied", snapshotVersion: 1, tookMs: 0 });
  parts.failure = "the change is of another version";
  control.send(change(7));
  assert.deepEqual(await control.next("snapshot-wanted"), {
    kind: "snapshot-wanted",
    snapshotVersion: 1,
    why: "the change is of another version",
  });
  assert.deepEqual(pieces, ["change 0 to 1"]);
});

test("a command is performed and its result comes back under its number, failures too", async (context) => {
  const parts = await connected(context);
  parts.control.send({ kind: "command", id: 41, command: { name: "hang-up", callSid: "CA1" } });
  assert.deepEqual(await parts.control.next("result"), {
    kind: "result",
    id: 41,
    result: { ok: true, name: "hang-up", found: true },
  });
  assert.deepEqual(parts.commands, [{ name: "hang-up", callSid: "CA1" }]);
  parts.failure = "planted";
  parts.control.send({ kind: "command", id: 42, command: { name: "hang-up", callSid: "CA1" } });
  assert.deepEqual(await parts.control.next("result"), {
    kind: "result",
    id: 42,
    result: { ok: false, error: "planted" },
  });
});

test("frames that are no JSON or none of the contract are reported, and the stream goes on", async (context) => {
  const { control, events, clock } = await connected(context);
  control.socket.send("{");
  control.send({ kind: "stored", sequence: "one" });
  control.send({ kind: "welcome", streamVersion: 1 });
  await until(
    "both are reported",
    () => events.filter((event) => event.startsWith("bad-frame")).length === 2,
  );
  assert.equal(events.at(-2), "bad-frame: not JSON");
  await control.next("state");
  clock.advance(5000);
  await control.next("state");
});

test("entries of the outbox go out, and leave the ledger when control has stored them", async (context) => {
  const parts = await connected(context);
  const { ledger, control, clock } = parts;
  const alert = {
    sid: "NO1",
    accountSid: null,
    trunkSid: null,
    callSid: null,
    code: 1,
    level: "error",
    text: "t",
    atMs: 1,
  };
  ledger.entries.push({ sequence: 9, text: JSON.stringify({ sequence: 9, kind: "alert", alert }) });
  ledger.onEntries?.();
  await until("the pump gathers", () => clock.pendingTimers >= 2);
  clock.advance(50);
  const entries = await control.next("entries");
  assert.equal(entries.kind === "entries" && entries.entries[0]?.sequence, 9);
  control.send({ kind: "stored", sequence: 9 });
  await until("they are gone", () => ledger.storedUpTo.includes(9));
});

test("it comes back after a back-off with jitter that doubles up to 10 s, and begins anew once it was up", async (context) => {
  const parts = await script(context, await freePortUrl(context));
  const { link, clock, events } = parts;
  link.start();
  // 250 ms · (0.5 + 0.5 / 2), and so on.
  for (const expectedMs of [187.5, 375, 750, 1500, 3000, 6000, 7500, 7500]) {
    const failures = events.length;
    await until("the attempt has failed", () => clock.pendingTimers === 1);
    assert.equal(clock.nextDelayMs, expectedMs);
    clock.advance(expectedMs);
    await until("it tries again", () => events.length > failures);
  }
  assert.match(events[0] ?? "", /^disconnected: connect ECONNREFUSED/);
});

test("the back-off begins anew once it was up", async (context) => {
  const { control, clock, events } = await connected(context);
  for (let time = 0; time < 3; time += 1) {
    control.socket.close(1001);
    await until("the link has noticed", () => clock.nextDelayMs === 187.5);
    assert.equal(events.at(-1), "disconnected: closed with code 1001");
    clock.advance(187.5);
    await control.next("hello");
  }
});

test("45 s without a word or a ping is the end of a stream; a ping is a word", async (context) => {
  const { control, clock } = await connected(context);
  clock.advance(44_999);
  await pinged(control);
  clock.advance(44_999);
  await delay(20);
  assert.equal(control.closes, 0);
  clock.advance(1);
  await until("the stream is cut", () => control.closes === 1);
});

test("close is idempotent, quiet and final", async (context) => {
  const { control, link, clock, events, commands } = await connected(context);
  events.length = 0;
  link.close();
  link.close();
  assert.equal(link.isConnected, false);
  control.send({ kind: "command", id: 1, command: { name: "hang-up", callSid: "CA1" } });
  await until("the stream is closed", () => control.closes === 1);
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(events, []);
  assert.deepEqual(commands, []);
  link.reconnect();
  await delay(20);
  assert.equal(control.sockets.length, 1);
});

test("close while connecting is quiet too", async (context) => {
  const { link, events, clock } = await script(context);
  link.start();
  link.close();
  await delay(50);
  assert.deepEqual(events, []);
  assert.equal(clock.pendingTimers, 0);
});

/** The ping is answered by the link's socket after it was heard. */
async function pinged(control: ControlDouble): Promise<void> {
  const pong = new Promise((resolve) => control.socket.once("pong", resolve));
  control.socket.ping();
  await pong;
}

/** A URL on which nobody listens. */
async function freePortUrl(context: TestContext): Promise<string> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  context.after(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
  return url;
}
