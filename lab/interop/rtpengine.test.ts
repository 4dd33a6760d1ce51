import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { SystemClock } from "@tandem/clock";
import { NgSocket, RtpengineRelay, type SdpRelayed, type SdpSession, type SdpSide } from "@tandem/media";
import { parseSdp } from "@tandem/sdp";
import { delay, waitFor } from "../harness/wait.ts";
import { RtpengineProcess, rtpengineCommand } from "../user-agents/rtpengine.ts";

const outside = "127.0.180.1";
const inside = "127.0.180.2";
const interfaces = new Map([
  ["customers", { name: "outside", address: outside }],
  ["carriers", { name: "inside", address: inside }],
]);
const carrier: SdpSide = {
  tag: "ingress",
  mediaInterface: "carriers",
  protection: "none",
  ice: "none",
  source: "address",
};
const customer: SdpSide = { ...carrier, tag: "egress", mediaInterface: "customers", protection: "sdes" };

function sdpOf(protocol: string, address: string, further: readonly string[] = []): string {
  const head = ["v=0", `o=- 1 1 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  return [...head, `m=audio 4000 ${protocol} 0`, ...further, ""].join("\r\n");
}

/** The client against the real one; what a telephone makes of it stands in secure-media.test.ts. */
describe("a real rtpengine", { skip: !existsSync(rtpengineCommand) && process.getuid?.() !== 0 }, () => {
  const clock = new SystemClock();
  const directory = mkdtempSync(join(tmpdir(), "tandem-lab-"));
  const processes = [1, 2].map(
    (number) =>
      new RtpengineProcess({
        name: `rtpengine-${number}`,
        control: { address: "127.0.180.9", port: 2222 + number },
        interfaces: { outside, inside },
        mediaPorts: { first: 30_000 + number * 100, last: 30_099 + number * 100 },
        directory,
      }),
  );
  const sockets = new Map<string, NgSocket>();
  const changes: string[] = [];
  const relay = new RtpengineRelay({
    clock,
    // The first one, as long as it lives: of 101 parts it has 100.
    random: () => Math.random() * 0.99,
    rtpengines: processes.map(({ name }, index) => ({ name, weight: 100 - 99 * index, interfaces })),
    send: (name, datagram) => sockets.get(name)?.send(datagram),
    onChange: (name, isUp) => changes.push(`${name} ${isUp ? "up" : "down"}`),
  });

  before(async () => {
    for (const one of processes) await one.start();
    for (const { name, options } of processes) {
      const { address, port } = options.control;
      sockets.set(name, new NgSocket(address, port, (datagram) => relay.receive(name, datagram)));
    }
  });
  after(async () => {
    relay.close();
    for (const socket of sockets.values()) socket.close();
    for (const one of processes) await one.stop();
    clock.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const offer = (session: SdpSession, from: SdpSide, to: SdpSide, sdp: string): Promise<SdpRelayed> =>
    new Promise((resolve) => session.offer({ from, to, sdp }, resolve));
  const answer = (session: SdpSession, from: SdpSide, to: SdpSide, sdp: string): Promise<SdpRelayed> =>
    new Promise((resolve) => session.answer({ from, to, sdp }, resolve));
  const remove = (session: SdpSession): Promise<unknown> => new Promise((resolve) => session.delete(resolve));
  const linesOf = (relayed: SdpRelayed, name: string): string[] =>
    relayed.ok
      ? relayed.sdp.split("\r\n").filter((line) => line.startsWith(name))
      : assert.fail(relayed.text);

  it("offers SDES with one suite and no DTLS, on the interface that was asked for", async () => {
    const session = relay.session("CA1");
    const offered = await offer(session, carrier, customer, sdpOf("RTP/AVP", "127.0.180.5"));
    assert.match(linesOf(offered, "m=")[0] ?? "", /^m=audio 301\d\d RTP\/SAVP 0/);
    assert.deepEqual(linesOf(offered, "c="), [`c=IN IP4 ${outside}`]);
    assert.match(
      linesOf(offered, "a=crypto").join("|"),
      /^a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\S{40}$/,
    );
    assert.deepEqual([...linesOf(offered, "a=fingerprint"), ...linesOf(offered, "a=candidate")], []);
    const theirs = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${"A".repeat(40)}`;
    const answered = await answer(session, customer, carrier, sdpOf("RTP/SAVP", "127.0.180.6", [theirs]));
    assert.match(linesOf(answered, "m=")[0] ?? "", /RTP\/AVP 0/);
    assert.deepEqual(linesOf(answered, "c="), [`c=IN IP4 ${inside}`]);
    assert.deepEqual(linesOf(answered, "a=crypto"), []);
    assert.equal((await processes[0]?.sessions())?.length, 1);
    await remove(session);
    assert.deepEqual(await processes[0]?.sessions(), []);
  });

  it("has fresh keys for each session", async () => {
    const keys = new Set<string>();
    for (const key of ["CA2", "CA2"]) {
      const session = relay.session(key);
      const offered = await offer(session, carrier, customer, sdpOf("RTP/AVP", "127.0.180.5"));
      keys.add(linesOf(offered, "a=crypto").join());
      await remove(session);
    }
    assert.equal(keys.size, 2);
  });

  it("offers DTLS without SDES, and ICE as a full and as a lite agent", async () => {
    for (const ice of ["full", "lite"] as const) {
      const session = relay.session("CA3");
      const to: SdpSide = { ...customer, protection: "dtls", ice };
      const offered = await offer(session, carrier, to, sdpOf("RTP/AVP", "127.0.180.5"));
      assert.match(linesOf(offered, "m=")[0] ?? "", /UDP\/TLS\/RTP\/SAVPF 0/);
      assert.equal(linesOf(offered, "a=fingerprint").length, 1);
      assert.deepEqual(linesOf(offered, "a=crypto"), []);
      assert.equal(linesOf(offered, "a=rtcp-mux").length, 1);
      assert.ok(linesOf(offered, "a=candidate").every((line) => line.includes(outside)));
      assert.equal(linesOf(offered, "a=ice-lite").length, ice === "lite" ? 1 : 0);
      await remove(session);
    }
  });

  it("says what it refuses, and knows no session twice", async () => {
    const session = relay.session("CA4");
    const refused = await offer(session, carrier, customer, "nonsense");
    assert.deepEqual(refused.ok ? {} : refused.kind, "unacceptable");
    await remove(session);
    const gone = relay.adopt({ relay: processes[0]?.name ?? "", sessionId: "CA4-x", tag: "ingress" });
    assert.deepEqual(await new Promise((resolve) => gone?.query(resolve)), { kind: "gone" });
    await remove(gone ?? assert.fail());
  });

  it("media that go through are counted on the side they came from", async () => {
    const session = relay.session("CA5");
    const { RtpEndpoint } = await import("@tandem/media/testing");
    const ends = [5, 6].map(
      (host) => new RtpEndpoint({ clock, localAddress: `127.0.180.${host}`, toneHz: 400 + host }),
    );
    for (const end of ends) await end.open();
    const [a, b] = [ends[0] ?? assert.fail(), ends[1] ?? assert.fail()];
    const plain: SdpSide = { ...customer, protection: "none" };
    const portOf = (relayed: SdpRelayed): number => {
      const parsed = parseSdp(relayed.ok ? relayed.sdp : "");
      return parsed.ok ? (parsed.value.media[0]?.port ?? 0) : 0;
    };
    b.setRemote(outside, portOf(await offer(session, carrier, plain, a.describe())));
    a.setRemote(inside, portOf(await answer(session, plain, carrier, b.describe())));
    a.start();
    b.start();
    await waitFor("packets", () => a.receivedPackets > 20 && b.receivedPackets > 20);
    a.stop();
    b.stop();
    await delay(100);
    const state = await new Promise<unknown>((resolve) => session.query(resolve));
    const statistics = (state as { statistics: ReadonlyMap<string, { packets: number }> }).statistics;
    assert.equal(statistics.get("ingress")?.packets, a.sentPackets);
    assert.equal(statistics.get("egress")?.packets, b.sentPackets);
    await remove(session);
    for (const end of ends) await end.close();
  });

  it("one that is killed is left for the other, and gets sessions again when it is back", async () => {
    const [first] = processes;
    await first?.kill();
    const session = relay.session("CA6");
    const offered = await offer(session, carrier, customer, sdpOf("RTP/AVP", "127.0.180.5"));
    assert.match(linesOf(offered, "m=")[0] ?? "", /^m=audio 302\d\d /);
    assert.equal(session.relay, processes[1]?.name);
    assert.deepEqual(changes, [`${first?.name} down`]);
    await remove(session);
    await first?.start();
    relay.start();
    await waitFor("it to be back", () => changes.length === 2);
    assert.deepEqual(await processes[1]?.sessions(), []);
  });
});
