/** The client against a real redis-server. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SystemClock } from "@tandem/clock";
import { CountExchange, exchangeTiming, RegionCounts } from "../src/index.ts";
import { RedisServer, type RedisServerOptions, redisServerCommand } from "../src/testing/redis-server.ts";
import { ValkeyStore, type ValkeyStoreOptions } from "../src/valkey-store.ts";

const address = "127.2.23.1";
const skip =
  !existsSync(redisServerCommand) && process.getuid?.() !== 0
    ? "redis-server is not installed (tools/debian-packages.txt)"
    : false;
const longMs = 60_000;

async function serverOf(t: TestContext, options: Partial<RedisServerOptions> = {}): Promise<RedisServer> {
  const server = await RedisServer.start({ address, ...options });
  t.after(() => server.stop());
  return server;
}

function storeOf(t: TestContext, port: number, options: Partial<ValkeyStoreOptions> = {}): ValkeyStore {
  const store = new ValkeyStore({
    host: address,
    port,
    database: 0,
    keyPrefix: "tandem",
    region: "us1",
    gateway: "a",
    ...options,
  });
  t.after(() => store.close());
  return store;
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + longMs;
  while (!isSo()) {
    assert.ok(performance.now() < endMs, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("what one gateway leaves another finds, until it is taken back", { skip }, async (t) => {
  const server = await serverOf(t);
  const [a, b] = [storeOf(t, server.port), storeOf(t, server.port, { gateway: "b" })];
  await Promise.all([a.open(), b.open()]);
  assert.deepEqual([...(await a.exchange("of a", [], longMs))], []);
  assert.deepEqual([...(await b.exchange("of b", ["a", "c"], longMs))], [["a", "of a"]]);
  assert.deepEqual([...(await a.exchange("new of a", ["b"], longMs))], [["b", "of b"]]);
  assert.deepEqual([...(await b.exchange("of b", ["a"], longMs))], [["a", "new of a"]]);
  await a.withdraw();
  assert.deepEqual([...(await b.exchange("of b", ["a"], longMs))], []);
});

test("the store drops what is not renewed", { skip }, async (t) => {
  const server = await serverOf(t);
  const [a, b] = [storeOf(t, server.port), storeOf(t, server.port, { gateway: "b" })];
  await Promise.all([a.open(), b.open()]);
  await a.exchange("of a", [], 50);
  let found = 1;
  for (const endMs = performance.now() + longMs; found > 0 && performance.now() < endMs; ) {
    found = (await b.exchange("of b", ["a"], longMs)).size;
  }
  assert.equal(found, 0);
});

test("keys are told apart by prefix and region, and stand in the database that was named", {
  skip,
}, async (t) => {
  const server = await serverOf(t);
  const a = storeOf(t, server.port, { database: 3 });
  const elsewhere = [{ region: "us2" }, { keyPrefix: "other" }, { database: 0 }].map((options) =>
    storeOf(t, server.port, { gateway: "b", database: 3, ...options }),
  );
  await Promise.all([a, ...elsewhere].map((store) => store.open()));
  await a.exchange("of a", [], longMs);
  for (const store of elsewhere) assert.equal((await store.exchange("of b", ["a"], longMs)).size, 0);
  const [, key] = (await server.command("SELECT 3\r\nKEYS tandem:us1:*"))
    .split("\r\n")
    .filter((line) => /^tandem|^\+/.test(line));
  assert.equal(key, "tandem:us1:gateway:a");
});

test("user and password: the right ones with few permissions are enough, others are refused in words", {
  skip,
}, async (t) => {
  const server = await serverOf(t, {
    words: [
      "--requirepass",
      "of-the-default-user",
      ..."--user tandem on >secret ~tandem:* +set +mget +del +select".split(" "),
    ],
  });
  const named = { username: "tandem", password: "secret" };
  const good = storeOf(t, server.port, { ...named, database: 2 });
  await good.open();
  assert.equal((await good.exchange("of a", ["b"], longMs)).size, 0);
  await good.withdraw();
  await storeOf(t, server.port, { password: "of-the-default-user" }).open();
  await assert.rejects(storeOf(t, server.port, { ...named, password: "wrong" }).open(), /WRONGPASS/);
  const nobody = storeOf(t, server.port);
  await assert.rejects(async () => {
    await nobody.open();
    await nobody.exchange("of a", [], longMs);
  }, /NOAUTH/);
  const other = storeOf(t, server.port, { ...named, keyPrefix: "other" });
  await other.open();
  await assert.rejects(other.exchange("of a", ["b"], longMs), /NOPERM/);
});

test("the configuration in deploy lets gateways in, to what they need and no further", {
  skip,
}, async (t) => {
  const configurationFile = join(import.meta.dirname, "../../../deploy/valkey/tandem-limits.conf");
  const server = await serverOf(t, { configurationFile });
  const named = { username: "tandem", password: "change-me" };
  const a = storeOf(t, server.port, { ...named, database: 1 });
  await a.open();
  assert.equal((await a.exchange("of a", ["b"], longMs)).size, 0);
  await a.withdraw();
  await assert.rejects(storeOf(t, server.port, { password: "change-me" }).open(), /WRONGPASS/);
  const other = storeOf(t, server.port, { ...named, keyPrefix: "other" });
  await other.open();
  await assert.rejects(other.exchange("of a", ["b"], longMs), /NOPERM/);
});

test("TLS: a server that shows a certificate of the named authority, and no other", { skip }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "tandem-redis-tls-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const [keyFile, certificateFile] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
  const request =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=store -addext";
  const files = ["-keyout", keyFile, "-out", certificateFile];
  execFileSync("openssl", [...request.split(" "), `subjectAltName=IP:${address}`, ...files], {
    stdio: "ignore",
  });
  const server = await serverOf(t, { tls: { keyFile, certificateFile } });
  const a = storeOf(t, server.port, { tls: { authorities: readFileSync(certificateFile, "utf8") } });
  await a.open();
  assert.equal((await a.exchange("of a", ["b"], longMs)).size, 0);
  await assert.rejects(storeOf(t, server.port, { tls: {} }).open(), /self-signed/);
  const plain = storeOf(t, server.port);
  await plain.open();
  await assert.rejects(plain.exchange("of a", ["b"], longMs));
});

test("a server that is not there, that dies, and a way that is closed are errors", { skip }, async (t) => {
  const server = await serverOf(t);
  const a = storeOf(t, server.port);
  await a.open();
  await a.exchange("of a", [], longMs);
  await server.stop();
  await assert.rejects(a.exchange("of a", [], longMs));
  await assert.rejects(storeOf(t, server.port).open(), /ECONNREFUSED/);
  const closed = storeOf(t, server.port);
  closed.close();
  closed.close();
});

test("a way that is closed while it is opened leaves no connection behind", async (t) => {
  const sockets = new Set<Socket>();
  const silent = await listening(t, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.resume();
  });
  const early = storeOf(t, silent);
  const opening = assert.rejects(early.open());
  early.close();
  const late = storeOf(t, silent, { password: "secret" });
  const alsoOpening = assert.rejects(late.open());
  await until("the connection", () => sockets.size > 0);
  late.close();
  await Promise.all([opening, alsoOpening]);
  await until("its end", () => sockets.size === 0);
});

test("two gateways through a server that stands still, dies and comes back empty", { skip }, async (t) => {
  const server = await serverOf(t);
  const clock = new SystemClock();
  t.after(() => clock.close());
  const gatewayOf = (name: string, other: string, calls: Map<string, number>) => {
    const events: string[] = [];
    const region = new RegionCounts(() => undefined);
    const exchange = new CountExchange({
      clock,
      newStore: () => storeOf(t, server.port, { gateway: name }),
      own: () => ({ calls, begun: new Map() }),
      others: () => [other],
      region,
      onShared: () => events.push("shared"),
      onAlone: (why) => events.push(why),
    });
    exchange.start();
    t.after(() => exchange.close());
    return { events, region };
  };
  const calls = new Map([["TK1", 2]]);
  gatewayOf("a", "b", calls);
  const b = gatewayOf("b", "a", new Map());
  await until("the calls of a", () => b.region.callsOf("TK1") === 2);
  calls.set("TK1", 3);
  await until("one more", () => b.region.callsOf("TK1") === 3);
  server.stall();
  await until("b to be alone", () => b.events.length === 2);
  assert.equal(b.events[1], `no answer in ${exchangeTiming.timeoutMs} ms`);
  assert.equal(b.region.callsOf("TK1"), 0);
  server.go();
  await until("the calls of a again", () => b.region.callsOf("TK1") === 3);
  await server.stop();
  await until("b to be alone again", () => b.events.length === 4);
  assert.match(b.events[3] ?? "", /ECONNREFUSED|closed/);
  assert.equal(await server.startAgain(), true);
  await until("the calls of a once more", () => b.region.callsOf("TK1") === 3);
});

async function listening(t: TestContext, onSocket: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  t.after(() => server.close());
  const bound = server.address();
  assert.ok(bound !== null && typeof bound === "object");
  return bound.port;
}
