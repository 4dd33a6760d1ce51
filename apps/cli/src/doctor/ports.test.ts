import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { checkDns, type NameServers } from "./dns.ts";
import { findingText } from "./finding.ts";
import { checkPort, tryBind } from "./ports.ts";

describe("checkPort", () => {
  it("a taken UDP port fails and says what to do", async () => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const wanted = {
      protocol: "udp",
      address: "127.0.0.1",
      port: socket.address().port,
      purpose: "SIP",
    } as const;
    const finding = await checkPort(wanted);
    socket.close();
    await once(socket, "close");
    assert.equal(finding.level, "fail");
    assert.match(finding.text, /127.0.0.1, SIP: EADDRINUSE/);
    assert.match(finding.remedy ?? "", /another program has it/);
    assert.equal((await checkPort(wanted)).level, "ok");
  });

  it("a taken TCP port fails, the same UDP port does not", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const place = { address: "127.0.0.1", port, purpose: "SIP" };
    assert.equal(await tryBind({ protocol: "tcp", ...place }), "EADDRINUSE");
    assert.equal(await tryBind({ protocol: "udp", ...place }), undefined);
    server.close();
    await once(server, "close");
    assert.equal(await tryBind({ protocol: "tcp", ...place }), undefined);
  });

  it("an address of another machine fails", async () => {
    const code = await tryBind({ protocol: "udp", address: "192.0.2.1", port: 5060, purpose: "SIP" });
    assert.equal(code, "EADDRNOTAVAIL");
  });
});

describe("checkDns", () => {
  const servers = (result: () => Promise<unknown>, list = ["192.0.2.53"]): NameServers => ({
    getServers: () => list,
    resolveSrv: result,
  });
  const failing = (code: string) => (): Promise<unknown> =>
    Promise.reject(Object.assign(new Error(code), { code }));

  const table: readonly (readonly [what: string, servers: NameServers, level: string])[] = [
    ["an answer", servers(() => Promise.resolve([])), "ok"],
    ["no such name is an answer", servers(failing("ENOTFOUND")), "ok"],
    ["no such record is an answer", servers(failing("ENODATA")), "ok"],
    ["no answer", servers(failing("ETIMEOUT")), "warn"],
    ["a refusal", servers(failing("EREFUSED")), "warn"],
    ["no name server", servers(() => Promise.resolve([]), []), "warn"],
  ];
  for (const [what, nameServers, level] of table) {
    it(`${what}: ${level}`, async () => {
      assert.equal((await checkDns(nameServers, "x.test")).level, level);
    });
  }
});

describe("findingText", () => {
  it("shows what to do below what was found", () => {
    assert.equal(findingText({ level: "ok", check: "dns", text: "answers" }), "ok    dns          answers");
    assert.equal(
      findingText({ level: "fail", check: "dns", text: "silent", remedy: "look" }),
      "FAIL  dns          silent\n                   → look",
    );
  });
});
