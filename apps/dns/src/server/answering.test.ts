import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { decode } from "dns-packet";
import fc from "fast-check";
import { exampleGateway, exampleZone, nameServers } from "../testing/example-zone.ts";
import { queryBytes } from "../testing/query-bytes.ts";
import { everybodyLives } from "../zone/health-view.ts";
import { ZoneIndex } from "../zone/zone-index.ts";
import { Answering } from "./answering.ts";
import { NetworkRates } from "./network-rates.ts";
import type { ZoneState } from "./responder.ts";

const office = "office.pstn.ashburn-ix.tandem.test";

/** A zone whose edge has so many gateways that its answers do not fit into 512 bytes, nor 60 into 1232. */
function scene(gateways = 2, burst = 1000) {
  const zone = exampleZone({
    gateways: Array.from({ length: gateways }, (_, number) =>
      exampleGateway("ashburn-ix", number + 1, "private", `198.51.100.${number + 1}`),
    ),
  });
  const state: ZoneState = {
    index: new ZoneIndex(zone, nameServers),
    options: { ttlSeconds: 30, health: everybodyLives, serial: 1, random: () => 0 },
  };
  const clock = new HandClock();
  const limited: string[] = [];
  const faults: unknown[] = [];
  const now: { state: () => ZoneState | undefined } = { state: () => state };
  const answering = new Answering({
    state: () => now.state(),
    rates: new NetworkRates({ clock, perSecond: 10, burst, maximumNetworks: 10 }),
    onLimited: (network) => limited.push(network),
    onFault: (error) => faults.push(error),
  });
  return { answering, clock, limited, faults, now };
}

function shapeOf(bytes: Buffer | undefined) {
  assert.ok(bytes !== undefined);
  const packet = decode(bytes);
  return { tc: packet.flag_tc, answers: packet.answers?.length, bytes: bytes.length };
}

test("over UDP the client's payload size counts, from 512 up to 1232", () => {
  const { answering } = scene(60);
  const ask = (payloadBytes: number | undefined) =>
    shapeOf(
      answering.answerDatagram(
        queryBytes(office, payloadBytes === undefined ? {} : { edns: { payloadBytes } }),
        "192.0.2.1",
      ),
    );
  assert.deepEqual([ask(undefined).tc, ask(512).tc, ask(0).tc, ask(900).tc], [true, true, true, true]);
  assert.deepEqual([ask(1232).tc, ask(1232).answers], [false, 60]);
  assert.equal(answering.counts.truncated, 4);
  const { answering: larger } = scene(80);
  const above = larger.answerDatagram(queryBytes(office, { edns: { payloadBytes: 4096 } }), "192.0.2.1");
  assert.deepEqual([shapeOf(above).tc, shapeOf(above).answers], [true, 0]);
});

test("over TCP everything fits", () => {
  const { answering } = scene(200);
  assert.deepEqual(shapeOf(answering.answerStream(queryBytes(office))).answers, 200);
});

test("what fits into 512 bytes without EDNS is not cut", () => {
  const { answering } = scene(20);
  assert.deepEqual(shapeOf(answering.answerDatagram(queryBytes(office), "192.0.2.1")).answers, 20);
});

test("above the rate every second answer is a truncated one, the others are none; TCP has no rate", () => {
  const { answering, clock, limited } = scene(2, 3);
  const ask = () => {
    const answer = answering.answerDatagram(queryBytes(office), "192.0.2.77");
    return answer === undefined ? "none" : shapeOf(answer).tc ? "TC" : "answer";
  };
  assert.deepEqual(
    [ask(), ask(), ask(), ask(), ask(), ask(), ask()],
    ["answer", "answer", "answer", "none", "TC", "none", "TC"],
  );
  assert.deepEqual([answering.counts.dropped, answering.counts.slipped], [2, 2]);
  assert.equal(limited[0], "192.0.2.0/24");
  assert.equal(shapeOf(answering.answerStream(queryBytes(office))).answers, 2);
  const elsewhere = answering.answerDatagram(queryBytes(office), "203.0.113.1");
  assert.equal(shapeOf(elsewhere).tc, false);
  clock.advance(100);
  assert.equal(ask(), "answer");
});

test("a truncated answer is no longer than its question: nothing to amplify", () => {
  const { answering } = scene(2, 1);
  const query = queryBytes(office, { edns: { payloadBytes: 1232 } });
  answering.answerDatagram(query, "192.0.2.1");
  answering.answerDatagram(query, "192.0.2.1");
  const slipped = answering.answerDatagram(query, "192.0.2.1");
  assert.equal(slipped?.length, query.length);
});

test("errors are answered at the same rate", () => {
  const { answering } = scene(2, 1);
  const malformed = queryBytes(office).subarray(0, -1);
  assert.equal(answering.answerDatagram(malformed, "192.0.2.1")?.readUInt16BE(2), 0x8001);
  assert.equal(answering.answerDatagram(malformed, "192.0.2.1"), undefined);
});

test("what is ignored costs no answer and none of the rate", () => {
  const { answering } = scene(2, 1);
  const response = queryBytes(office, { flags: 0x8000 });
  for (let times = 0; times < 5; times++)
    assert.equal(answering.answerDatagram(response, "192.0.2.1"), undefined);
  assert.equal(answering.answerStream(response), undefined);
  assert.equal(shapeOf(answering.answerDatagram(queryBytes(office), "192.0.2.1")).answers, 2);
});

test("an error of ours costs one answer and is reported", () => {
  const { answering, faults, now } = scene();
  now.state = () => {
    throw new Error("planted");
  };
  assert.equal(answering.answerDatagram(queryBytes(office), "192.0.2.1"), undefined);
  assert.equal(answering.answerStream(queryBytes(office)), undefined);
  assert.equal(faults.length, 2);
});

test("responses are counted by their code", () => {
  const { answering } = scene();
  answering.answerStream(queryBytes(office));
  answering.answerStream(queryBytes("example.net"));
  answering.answerDatagram(queryBytes("nobody.pstn.tandem.test"), "192.0.2.1");
  assert.deepEqual(answering.counts.responses, { NOERROR: 1, REFUSED: 1, NXDOMAIN: 1 });
  assert.deepEqual([answering.counts.tcpQueries, answering.counts.udpQueries], [2, 1]);
});

test("no datagram is a fault; every answer is well formed, has the question's id, and is no question", () => {
  const { answering, faults } = scene();
  const types = fc.constantFrom(1, 2, 6, 28, 33, 35, 255, 252, 0, 41, 65_535);
  const labels = fc.array(fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 20 }), { maxLength: 5 });
  const ours = fc.constantFrom("", ".tandem.test", `.${office}`, ".pstn.tandem.test");
  fc.assert(
    fc.property(labels, ours, types, fc.nat(65_535), fc.boolean(), (front, base, type, id, hasEdns) => {
      const name = [...front.map((label) => label.replaceAll(".", "-")), ...base.split(".").slice(1)].join(
        ".",
      );
      const bytes = queryBytes(name, { type, id, ...(hasEdns ? { edns: { payloadBytes: 1232 } } : {}) });
      const answer = answering.answerStream(bytes);
      assert.ok(answer !== undefined);
      assert.equal(answer.readUInt16BE(0), id);
      assert.ok((answer.readUInt16BE(2) & 0x8000) !== 0);
      decode(answer);
      assert.equal(decode.bytes, answer.length);
    }),
    { numRuns: 2000 },
  );
  assert.deepEqual(faults, []);
});
