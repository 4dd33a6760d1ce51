import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { SdpOffer, SdpRelayed, SdpSide, SessionState, SessionStatistics } from "../sdp-relay.ts";
import { type BencodeValue, bdecode, bencode, isDictionary } from "./bencode.ts";
import type { NgDictionary } from "./ng-client.ts";
import { maximumOwedDeletions, pingIntervalMs, RtpengineNode } from "./rtpengine-node.ts";
import { RtpengineRelay } from "./rtpengine-relay.ts";

const deadAfterMs = 1500;
const interfaces = new Map([
  ["customers", { name: "outside", address: "192.0.2.1" }],
  ["carriers", { name: "inside", address: "192.0.2.2" }],
]);
const sdpAt = (address: string): string =>
  ["v=0", "o=- 1 1 IN IP4 1.1.1.1", "s=-", `c=IN IP4 ${address}`, "t=0 0", "m=audio 4000 RTP/AVP 0", ""].join(
    "\r\n",
  );

const customer: SdpSide = {
  tag: "ingress",
  mediaInterface: "customers",
  protection: "sdes",
  ice: "none",
  source: "address",
};
const carrier: SdpSide = { ...customer, tag: "egress", mediaInterface: "carriers", protection: "none" };
const offer: SdpOffer = { from: customer, to: carrier, sdp: sdpAt("198.51.100.7") };

/** Rtpengines that answer as the test says, and keep what they were asked. */
class Script {
  readonly clock = new HandClock();
  readonly asked: { readonly name: string; readonly command: string; readonly parameters: NgDictionary }[] =
    [];
  readonly silent = new Set<string>();
  readonly changes: string[] = [];
  reply: NgDictionary = new Map([["result", "ok"]]);
  draw = 0.5;
  readonly relay: RtpengineRelay;

  constructor(weights: readonly number[] = [1]) {
    this.relay = new RtpengineRelay({
      clock: this.clock,
      random: () => this.draw,
      rtpengines: weights.map((weight, index) => ({ name: `rtpengine-${index}`, weight, interfaces })),
      send: (name, datagram) => this.#receive(name, datagram),
      onChange: (name, isUp) => this.changes.push(`${name} ${isUp ? "up" : "down"}`),
    });
  }

  offered(session = this.relay.session("CA1"), wish: SdpOffer = offer): SdpRelayed | undefined {
    let relayed: SdpRelayed | undefined;
    session.offer(wish, (one) => {
      relayed = one;
    });
    this.clock.advance(0);
    return relayed;
  }

  names(command: string): string[] {
    return this.asked.filter((one) => one.command === command).map(({ name }) => name);
  }

  #receive(name: string, datagram: string): void {
    const cookie = datagram.split(" ")[0] ?? "";
    const read = bdecode(datagram.slice(cookie.length + 1));
    const parameters = read.ok && isDictionary(read.value) ? read.value : new Map<string, BencodeValue>();
    const command = textOf(parameters, "command");
    this.asked.push({ name, command, parameters });
    if (this.silent.has(name)) return;
    const reply = new Map(this.reply);
    if (command === "ping") reply.set("result", "pong");
    if (command === "offer" && !reply.has("sdp")) reply.set("sdp", sdpAt("192.0.2.2"));
    if (command === "answer" && !reply.has("sdp")) reply.set("sdp", sdpAt("192.0.2.1"));
    // A reply never comes inside the call that asks.
    this.clock.schedule(0, () => this.relay.receive(name, `${cookie} ${bencode(reply)}`), undefined);
  }
}

function textOf(dictionary: NgDictionary, key: string): string {
  const value = dictionary.get(key);
  return typeof value === "string" ? value : "";
}

describe("RtpengineRelay", () => {
  test("an offer says the interfaces, the protection and whose packets are taken", () => {
    const script = new Script();
    assert.deepEqual(script.offered(), { ok: true, sdp: sdpAt("192.0.2.2") });
    const { parameters } = script.asked[0] ?? assert.fail();
    assert.match(textOf(parameters, "call-id"), /^CA1-./);
    assert.deepEqual(
      [...parameters].filter(([key]) => key !== "call-id"),
      [
        ["command", "offer"],
        ["from-tag", "ingress"],
        ["sdp", offer.sdp],
        ["direction", ["outside", "inside"]],
        ["transport-protocol", "RTP/AVP"],
        ["flags", ["strict-source"]],
        ["replace", ["origin"]],
        ["ICE", "remove"],
        ["rtcp-mux", ["accept", "demux"]],
      ],
    );
  });

  test("the code point of the side that is offered goes before that of who offers; without any nothing is asked", () => {
    const script = new Script();
    const asked = (wish: SdpOffer): unknown => {
      script.offered(script.relay.session("CA1"), wish);
      return script.asked.at(-1)?.parameters.get("TOS");
    };
    assert.equal(asked(offer), undefined);
    assert.equal(asked({ ...offer, from: { ...offer.from, dscp: 46 } }), 184);
    assert.equal(asked({ ...offer, from: { ...offer.from, dscp: 46 }, to: { ...offer.to, dscp: 0 } }), 0);
  });

  test("what is transcoded: masked, stripped and put in; an answer says nothing of it", () => {
    const script = new Script();
    const session = script.relay.session("CA1");
    const codecOf = (wish: SdpOffer): unknown => {
      script.offered(session, wish);
      return script.asked.at(-1)?.parameters.get("codec");
    };
    assert.equal(codecOf(offer), undefined);
    const transcoding = { from: ["PCMA", "opus"], without: [], to: ["PCMU", "G722"] };
    const expected: [string, BencodeValue][] = [
      ["mask", ["PCMA", "opus"]],
      ["transcode", ["PCMU", "G722"]],
    ];
    assert.deepEqual(codecOf({ ...offer, transcoding }), new Map(expected));
    assert.deepEqual(
      codecOf({ ...offer, transcoding: { ...transcoding, without: ["AMR"] } }),
      new Map([["strip", ["AMR"]], ...expected]),
    );
    session.answer({ from: carrier, to: customer, sdp: sdpAt("203.0.113.9") }, () => undefined);
    assert.equal(script.asked.at(-1)?.parameters.get("codec"), undefined);
  });

  test("towards a side with SDES all suites but one are switched off, with DTLS all", () => {
    const script = new Script();
    script.reply = new Map([
      ["result", "ok"],
      ["sdp", sdpAt("192.0.2.1")],
    ]);
    const wish = (to: Partial<SdpSide>): NgDictionary => {
      script.offered(undefined, {
        from: { ...carrier, source: "strict" },
        to: { ...customer, ...to },
        sdp: offer.sdp,
      });
      return script.asked.at(-1)?.parameters ?? new Map();
    };
    const sdes = wish({});
    assert.equal(sdes.get("transport-protocol"), "RTP/SAVP");
    assert.equal(sdes.get("DTLS"), "off");
    assert.deepEqual(sdes.get("flags"), ["asymmetric", "strict-source"]);
    assert.deepEqual(sdes.get("direction"), ["inside", "outside"]);
    const refused = sdes.get("SDES");
    assert.ok(
      Array.isArray(refused) && refused.length === 11 && !refused.includes("no-AES_CM_128_HMAC_SHA1_80"),
    );
    const dtls = wish({ protection: "dtls", ice: "full" });
    assert.equal(dtls.get("transport-protocol"), "UDP/TLS/RTP/SAVPF");
    assert.deepEqual(dtls.get("SDES"), ["off"]);
    assert.equal(dtls.get("ICE"), "force");
    assert.deepEqual(dtls.get("rtcp-mux"), ["accept", "offer"]);
    const lite = wish({ ice: "lite" });
    assert.equal(lite.get("ICE-lite"), "forward");
    assert.deepEqual(lite.get("rtcp-mux"), ["accept", "offer"]);
  });

  test("an answer names the tags the other way round, and a later offer both", () => {
    const script = new Script();
    const session = script.relay.session("CA1");
    script.offered(session);
    let answered: SdpRelayed | undefined;
    session.answer({ from: carrier, to: customer, sdp: sdpAt("203.0.113.9") }, (one) => {
      answered = one;
    });
    script.clock.advance(0);
    assert.deepEqual(answered, { ok: true, sdp: sdpAt("192.0.2.1") });
    const { parameters } = script.asked[1] ?? assert.fail();
    assert.deepEqual([parameters.get("from-tag"), parameters.get("to-tag")], ["ingress", "egress"]);
    script.offered(session);
    assert.equal(script.asked[2]?.parameters.get("to-tag"), "egress");
    assert.equal(script.asked[2]?.parameters.get("call-id"), parameters.get("call-id"));
  });

  test("media on another address than the interface's are not used", () => {
    const script = new Script();
    script.reply = new Map([
      ["result", "ok"],
      ["sdp", sdpAt("192.0.2.1")],
    ]);
    assert.deepEqual(script.offered(), {
      ok: false,
      kind: "unavailable",
      text: "rtpengine rtpengine-0 put media on 192.0.2.1, not on 192.0.2.2 of interface inside",
    });
  });

  test("what rtpengine refuses is the description's fault; without a description it is its own", () => {
    const script = new Script();
    script.reply = new Map([
      ["result", "error"],
      ["error-reason", "Failed to parse SDP"],
    ]);
    const text = "rtpengine rtpengine-0: Failed to parse SDP";
    assert.deepEqual(script.offered(), { ok: false, kind: "unacceptable", text });
    script.reply = new Map<string, BencodeValue>([
      ["result", "ok"],
      ["sdp", 1],
    ]);
    assert.equal(script.offered()?.ok, false);
    assert.deepEqual(script.relay.states(), new Map([["rtpengine-0", true]]));
  });

  test("new sessions go to those that live, by weight; weight 0 gets none", () => {
    const script = new Script([1, 3, 0]);
    for (const draw of [0, 0.2, 0.26, 0.99]) {
      script.draw = draw;
      script.offered();
    }
    assert.deepEqual(script.names("offer"), ["rtpengine-0", "rtpengine-0", "rtpengine-1", "rtpengine-1"]);
    assert.equal(new Script([0]).relay.objectionTo([])?.text, "no rtpengine answers (rtpengine-0)");
    assert.deepEqual(new Script([]).relay.objectionTo([]), {
      kind: "unconfigured",
      text: "no rtpengine is configured",
    });
  });

  test("one that does not answer the first offer is left for another, and owes a deletion", () => {
    const script = new Script([1, 1]);
    script.draw = 0;
    script.silent.add("rtpengine-0");
    let relayed: SdpRelayed | undefined;
    const session = script.relay.session("CA1");
    session.offer(offer, (one) => {
      relayed = one;
    });
    script.clock.advance(deadAfterMs - 1);
    assert.equal(relayed, undefined);
    script.clock.advance(1);
    assert.deepEqual(relayed, { ok: true, sdp: sdpAt("192.0.2.2") });
    assert.equal(session.relay, "rtpengine-1");
    assert.deepEqual(script.changes, ["rtpengine-0 down"]);
    assert.deepEqual(script.names("delete"), []);
    // The next one does not even try it.
    script.offered();
    assert.equal(script.names("offer").at(-1), "rtpengine-1");
    script.silent.clear();
    script.relay.start();
    script.clock.advance(1);
    assert.deepEqual(script.changes, ["rtpengine-0 down", "rtpengine-0 up"]);
    assert.deepEqual(script.names("delete"), ["rtpengine-0"]);
    const owed = script.asked.find(({ command }) => command === "delete")?.parameters;
    assert.equal(owed?.get("call-id"), script.asked[0]?.parameters.get("call-id"));
  });

  test("when none answers the offer fails and says which were asked", () => {
    const script = new Script([1, 1]);
    script.silent.add("rtpengine-0").add("rtpengine-1");
    let relayed: SdpRelayed | undefined;
    script.relay.session("CA1").offer(offer, (one) => {
      relayed = one;
    });
    script.clock.advance(2 * deadAfterMs);
    const text = "no rtpengine answers (rtpengine-0, rtpengine-1)";
    assert.deepEqual(relayed, { ok: false, kind: "unavailable", text });
    assert.deepEqual(script.relay.objectionTo(["customers", "carriers"]), { kind: "unavailable", text });
    assert.deepEqual(script.relay.objectionTo(["customers", "customers/TX1"]), {
      kind: "unconfigured",
      text: "no rtpengine is configured with media on customers and customers/TX1",
    });
    assert.equal(script.relay.addressOf("customers"), "192.0.2.1");
    assert.equal(script.relay.addressOf("customers/TX1"), undefined);
  });

  test("a session that has media stays where they are, silent or not", () => {
    const script = new Script([1, 1]);
    script.draw = 0;
    const session = script.relay.session("CA1");
    script.offered(session);
    script.silent.add("rtpengine-0");
    let relayed: SdpRelayed | undefined;
    session.offer(offer, (one) => {
      relayed = one;
    });
    script.clock.advance(deadAfterMs);
    assert.deepEqual(relayed, { ok: false, kind: "unavailable", text: "rtpengine rtpengine-0: no answer" });
    assert.deepEqual(new Set(script.names("offer")), new Set(["rtpengine-0"]));
  });

  test("pings tell that one died and that it is back", () => {
    const script = new Script();
    script.relay.start();
    script.clock.advance(pingIntervalMs);
    assert.equal(script.names("ping").length, 2);
    script.silent.add("rtpengine-0");
    script.clock.advance(pingIntervalMs + deadAfterMs);
    assert.deepEqual(script.changes, ["rtpengine-0 down"]);
    script.silent.clear();
    script.clock.advance(pingIntervalMs + deadAfterMs);
    assert.deepEqual(script.changes, ["rtpengine-0 down", "rtpengine-0 up"]);
    script.relay.close();
    script.clock.advance(10 * pingIntervalMs);
    assert.equal(script.clock.pendingTimers, 0);
  });

  test("deleting gives the statistics of both sides; a refusal or silence is deleted once more later", () => {
    const script = new Script();
    const session = script.relay.session("CA1");
    script.offered(session);
    assert.equal(script.relay.openSessions, 1);
    const stream = (packets: number, flag: string): BencodeValue =>
      new Map<string, BencodeValue>([
        ["SSRC", 7],
        ["flags", [flag, "filled"]],
        [
          "stats",
          new Map([
            ["packets", packets],
            ["bytes", packets * 172],
            ["errors", 0],
          ]),
        ],
      ]);
    script.reply = new Map<string, BencodeValue>([
      ["result", "ok"],
      [
        "SSRC",
        new Map([
          [
            "7",
            new Map<string, BencodeValue>([
              ["cumulative loss", 3],
              ["average MOS", new Map([["jitter", 2]])],
            ]),
          ],
        ]),
      ],
      [
        "tags",
        new Map([
          [
            "ingress",
            new Map([["medias", [new Map([["streams", [stream(50, "RTP"), stream(9, "RTCP")]]])]]]),
          ],
          ["egress", new Map([["medias", [new Map([["streams", []]])]]])],
        ]),
      ],
    ]);
    let state: SessionState | undefined;
    session.query((one) => {
      state = one;
    });
    let statistics: SessionStatistics | undefined;
    session.delete((one) => {
      statistics = one;
    });
    script.clock.advance(0);
    assert.deepEqual(
      statistics,
      new Map([
        ["ingress", { packets: 50, bytes: 8600, lost: 3, jitterMs: 2 }],
        ["egress", { packets: 0, bytes: 0, lost: 0, jitterMs: 0 }],
      ]),
    );
    assert.deepEqual(state, { kind: "alive", statistics });
    const { parameters } = script.asked.at(-1) ?? assert.fail();
    assert.deepEqual([parameters.get("from-tag"), parameters.get("delete delay")], ["ingress", 0]);
    assert.equal(script.relay.openSessions, 0);
  });

  test("a session that nobody knows any more is gone; one that nobody tells of is silent", () => {
    const script = new Script();
    const session = script.relay.adopt({ relay: "rtpengine-0", sessionId: "CA1-x", tag: "ingress" });
    const states: SessionState[] = [];
    script.reply = new Map([
      ["result", "error"],
      ["error-reason", "Unknown call-id"],
    ]);
    session?.query((one) => states.push(one));
    script.clock.advance(0);
    script.silent.add("rtpengine-0");
    session?.query((one) => states.push(one));
    script.clock.advance(deadAfterMs);
    assert.deepEqual(states, [{ kind: "gone" }, { kind: "silent" }]);
    assert.equal(script.asked[0]?.parameters.get("call-id"), "CA1-x");
    assert.equal(script.relay.adopt({ relay: "elsewhere", sessionId: "CA1-x", tag: "ingress" }), undefined);
  });
});

describe("RtpengineNode", () => {
  test("as many deletions are owed as may be, then the oldest is forgotten", () => {
    const clock = new HandClock();
    const sent: string[] = [];
    const node = new RtpengineNode({
      name: "one",
      weight: 1,
      interfaces,
      clock,
      random: () => 0,
      send: (datagram) => sent.push(datagram),
      onChange: () => undefined,
    });
    node.request("ping", new Map(), () => undefined);
    clock.advance(deadAfterMs);
    assert.equal(node.isUp, false);
    for (let count = 0; count <= maximumOwedDeletions; count += 1) {
      node.owe(`CA${count}`);
      if (count < maximumOwedDeletions) assert.equal(node.owedDeletions, count + 1);
    }
    assert.equal(node.owedDeletions, maximumOwedDeletions);
    node.request("ping", new Map(), () => undefined);
    node.client.receive(`${sent.at(-1)?.split(" ")[0]} d6:result4:ponge`);
    const deleted = sent.filter((datagram) => datagram.includes("6:delete"));
    assert.ok(deleted[0]?.includes("3:CA1"), "the oldest, CA0, was forgotten");
  });
});
