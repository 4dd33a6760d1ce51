import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { SystemClock } from "@tandem/clock";
import {
  NgSocket,
  RtpengineRelay,
  type SdpRelayed,
  type SdpSession,
  type SdpSide,
  transcodableEncodings,
  transcodingNeed,
} from "@tandem/media";
import { RtpEndpoint } from "@tandem/media/testing";
import { parseSdp } from "@tandem/sdp";
import { waitFor } from "../harness/wait.ts";
import { RtpengineProcess, rtpengineCommand } from "../user-agents/rtpengine.ts";

const customerSide = "127.1.1.1";
const carrierSide = "127.1.1.2";
const eventType = 101;
const customer: SdpSide = {
  tag: "ingress",
  mediaInterface: "customers",
  protection: "none",
  ice: "none",
  source: "address",
};
const carrier: SdpSide = { ...customer, tag: "egress", mediaInterface: "carriers" };

function offerOf(address: string, formats: string, ...rtpmaps: readonly string[]): string {
  const head = ["v=0", `o=- 1 1 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  return [...head, `m=audio 4000 RTP/AVP ${formats}`, ...rtpmaps.map((one) => `a=rtpmap:${one}`), ""].join(
    "\r\n",
  );
}

/** What our parameters make a real rtpengine do; whole calls stand in transcoding.test.ts. */
describe("transcoding by a real rtpengine", {
  skip: !existsSync(rtpengineCommand) && process.getuid?.() !== 0,
}, () => {
  const clock = new SystemClock();
  const directory = mkdtempSync(join(tmpdir(), "tandem-lab-"));
  const rtpengine = new RtpengineProcess({
    name: "rtpengine",
    control: { address: "127.1.1.9", port: 2223 },
    interfaces: { outside: customerSide, inside: carrierSide },
    mediaPorts: { first: 31_000, last: 31_199 },
    directory,
  });
  let socket: NgSocket | undefined;
  const relay = new RtpengineRelay({
    clock,
    random: Math.random,
    rtpengines: [
      {
        name: rtpengine.name,
        weight: 1,
        interfaces: new Map([
          ["customers", { name: "outside", address: customerSide }],
          ["carriers", { name: "inside", address: carrierSide }],
        ]),
      },
    ],
    send: (_name, datagram) => socket?.send(datagram),
    onChange: () => undefined,
  });

  before(async () => {
    await rtpengine.start();
    const { address, port } = rtpengine.options.control;
    socket = new NgSocket(address, port, (datagram) => relay.receive(rtpengine.name, datagram));
  });
  after(async () => {
    relay.close();
    socket?.close();
    await rtpengine.stop();
    clock.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** An offer that is transcoded for a side that takes these encodings, as that side sees it. */
  async function offer(
    session: SdpSession,
    from: SdpSide,
    sdp: string,
    accepted: readonly string[],
  ): Promise<string> {
    const parsed = parseSdp(sdp);
    const need = transcodingNeed(parsed.ok ? parsed.value : assert.fail(), accepted);
    const transcoding = need.kind === "needed" ? need.transcoding : undefined;
    const to = from === customer ? carrier : customer;
    return textOf(await new Promise((resolve) => session.offer({ from, to, sdp, transcoding }, resolve)));
  }

  async function answer(session: SdpSession, from: SdpSide, sdp: string): Promise<string> {
    const to = from === customer ? carrier : customer;
    return textOf(await new Promise((resolve) => session.answer({ from, to, sdp }, resolve)));
  }

  function textOf(relayed: SdpRelayed): string {
    return relayed.ok ? relayed.sdp : assert.fail(relayed.text);
  }

  /** `opus/48000/2 telephone-event/8000`. */
  function codecsIn(sdp: string): string {
    return [...sdp.matchAll(/^a=rtpmap:\d+ (\S+)/gm)].map(([, name]) => name).join(" ");
  }

  function portIn(sdp: string): number {
    const parsed = parseSdp(sdp);
    return parsed.ok ? (parsed.value.media[0]?.port ?? 0) : 0;
  }

  async function scene(play: (session: SdpSession) => Promise<void>): Promise<void> {
    const session = relay.session("CA1");
    try {
      await play(session);
    } finally {
      await new Promise((resolve) => session.delete(resolve));
    }
  }

  it("each encoding that may be configured is read and written", async () => {
    const others = new Map([["PCMU", "8 101"]]);
    for (const name of transcodableEncodings) {
      await scene(async (session) => {
        const formats = others.get(name) ?? "0 101";
        const offered = await offer(
          session,
          customer,
          offerOf("127.1.1.5", formats, "101 telephone-event/8000"),
          [name],
        );
        assert.match(codecsIn(offered), new RegExp(`^${name}/`));
        assert.doesNotMatch(codecsIn(offered), name === "PCMU" ? /PCMA/ : /PCMU/);
        // Events count as the speech does.
        const clockRate = { opus: 48_000, speex: 16_000 }[name] ?? 8000;
        assert.match(codecsIn(offered), new RegExp(` telephone-event/${clockRate}$`));
        const format = /^m=audio \d+ \S+ (\d+)/m.exec(offered)?.[1] ?? assert.fail();
        const rtpmap = new RegExp(`^a=rtpmap:${format} (.*)\r$`, "m").exec(offered)?.[1] ?? assert.fail();
        const answered = await answer(session, carrier, offerOf("127.1.1.6", format, `${format} ${rtpmap}`));
        assert.match(codecsIn(answered), name === "PCMU" ? /^PCMA\// : /^PCMU\//);
      });
    }
  });

  it("events keep their payload type; what can't be read and written is not offered", async () => {
    await scene(async (session) => {
      const sdp = offerOf(
        "127.1.1.5",
        "96 8 110 13",
        "96 AMR/8000",
        "110 telephone-event/8000",
        "13 CN/8000",
      );
      const offered = await offer(session, customer, `${sdp}a=fmtp:110 0-16\r\n`, ["G722", "PCMU"]);
      assert.match(offered, /^m=audio \d+ RTP\/AVP 9 0 110 13\r$/m);
      assert.match(offered, /^a=rtpmap:110 telephone-event\/8000\r$/m);
      assert.match(offered, /^a=fmtp:110 0-16\r$/m);
    });
  });

  it("an event of RFC 4733 passes as it is, among transcoded speech", async () => {
    await scene(async (session) => {
      const one = new RtpEndpoint({ clock, localAddress: "127.1.1.5", toneHz: 440, encoding: "PCMA" });
      const other = createSocket("udp4");
      const events: Buffer[] = [];
      other.on("message", (packet) => {
        if (((packet[1] as number) & 0x7f) === eventType) events.push(packet);
      });
      await one.open();
      other.bind(0, "127.1.1.6");
      await once(other, "listening");
      const eventMap = `a=rtpmap:${eventType} telephone-event/8000`;
      const withEvents = (text: string): string =>
        text.replace(/^(m=audio .*)\r$/m, `$1 ${eventType}\r`).concat(`${eventMap}\r\n`);
      try {
        const offered = await offer(session, customer, withEvents(one.describe()), ["PCMU"]);
        const port = other.address().port;
        const theirs = offerOf("127.1.1.6", `0 ${eventType}`, `${eventType} telephone-event/8000`);
        const answered = await answer(session, carrier, theirs.replace("4000", String(port)));
        assert.match(offered, new RegExp(`^m=audio \\d+ RTP/AVP 0 ${eventType}\r$`, "m"));
        one.setRemote(customerSide, portIn(answered));
        one.start();
        await waitFor("speech", () => one.sentPackets > 10);
        for (let duration = 1; duration <= 5; duration += 1)
          one.sendEvent(eventType, 7, 160 * duration, false);
        for (let again = 0; again < 3; again += 1) one.sendEvent(eventType, 7, 960, true);
        await waitFor("the end of the event", () => events.length >= 8);
        assert.deepEqual([...new Set(events.map((packet) => packet[12]))], [7]);
        // End bit, and how long it lasted.
        assert.deepEqual([(events.at(-1)?.[13] ?? 0) & 0x80, events.at(-1)?.readUInt16BE(14)], [0x80, 960]);
        assert.equal(new Set(events.map((packet) => packet.readUInt32BE(4))).size, 1);
      } finally {
        await one.close();
        other.close();
      }
    });
  });

  it("tones are understood on both sides, and still after offers of either side", async () => {
    await scene(async (session) => {
      const one = new RtpEndpoint({ clock, localAddress: "127.1.1.5", toneHz: 440, encoding: "PCMA" });
      const other = new RtpEndpoint({ clock, localAddress: "127.1.1.6", toneHz: 1000, encoding: "PCMU" });
      await one.open();
      await other.open();
      try {
        const hearing = async (what: string): Promise<void> => {
          one.forgetHeard();
          other.forgetHeard();
          await waitFor(what, () => one.heardToneHz === 1000 && other.heardToneHz === 440);
          // Each side gets what it speaks.
          assert.deepEqual([one.lastPayloadType, other.lastPayloadType], [8, 0]);
        };
        const offered = await offer(session, customer, one.describe(), ["PCMU"]);
        assert.equal(codecsIn(offered), "PCMU/8000");
        const answered = await answer(session, carrier, other.describe());
        assert.equal(codecsIn(answered), "PCMA/8000");
        other.setRemote(carrierSide, portIn(offered));
        one.setRemote(customerSide, portIn(answered));
        one.start();
        other.start();
        await hearing("tones in the call");
        assert.equal(codecsIn(await offer(session, carrier, other.describe(), ["PCMA"])), "PCMA/8000");
        assert.equal(codecsIn(await answer(session, customer, one.describe())), "PCMU/8000");
        await hearing("tones after an offer of the callee");
        assert.equal(codecsIn(await offer(session, customer, one.describe(), ["PCMU"])), "PCMU/8000");
        assert.equal(codecsIn(await answer(session, carrier, other.describe())), "PCMA/8000");
        await hearing("tones after an offer of the caller");
      } finally {
        await one.close();
        await other.close();
      }
    });
  });
});
