import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { bdecode, bencode } from "./bencode.ts";
import {
  maximumPendingNgRequests,
  NgClient,
  type NgReply,
  ngLastWaitMs,
  ngRetransmitMs,
} from "./ng-client.ts";

interface Script {
  readonly clock: HandClock;
  readonly client: NgClient;
  readonly sent: string[];
  readonly replies: NgReply[];
  readonly ask: () => string;
}

function script(): Script {
  const clock = new HandClock();
  const sent: string[] = [];
  const replies: NgReply[] = [];
  const client = new NgClient({ clock, random: () => 0.5, send: (datagram) => sent.push(datagram) });
  const ask = (): string => {
    client.request("query", new Map([["call-id", "CA1"]]), (reply) => replies.push(reply));
    return sent[sent.length - 1]?.split(" ")[0] ?? "";
  };
  return { clock, client, sent, replies, ask };
}

const ok = bencode(new Map([["result", "ok"]]));

describe("NgClient", () => {
  test("sends a cookie and a dictionary, and hands the reply to who asked", () => {
    const { client, clock, sent, replies, ask } = script();
    const first = ask();
    const second = ask();
    assert.notEqual(first, second);
    assert.deepEqual(bdecode(sent[0]?.slice(first.length + 1) ?? ""), {
      ok: true,
      value: new Map([
        ["command", "query"],
        ["call-id", "CA1"],
      ]),
    });
    client.receive(`${second} ${ok}`);
    assert.deepEqual(replies, [{ ok: true, reply: new Map([["result", "ok"]]) }]);
    client.receive(`${second} ${ok}`);
    assert.equal(replies.length, 1);
    assert.equal(client.pendingRequests, 1);
    client.receive(`${first} d6:result4:ponge`);
    assert.equal(replies.length, 2);
    assert.equal(clock.pendingTimers, 0);
  });

  test("what rtpengine refuses is a value with its words", () => {
    const { client, replies, ask } = script();
    client.receive(
      `${ask()} ${bencode(
        new Map([
          ["result", "error"],
          ["error-reason", "Unknown call-id"],
        ]),
      )}`,
    );
    client.receive(`${ask()} ${bencode(new Map([["result", "load limit"]]))}`);
    client.receive(`${ask()} de`);
    assert.deepEqual(replies, [
      { ok: false, kind: "refused", text: "Unknown call-id" },
      { ok: false, kind: "refused", text: "result load limit" },
      { ok: false, kind: "refused", text: "result missing" },
    ]);
  });

  test("the same datagram is sent again, then the request has failed", () => {
    const { clock, sent, replies, ask } = script();
    ask();
    for (const [index, delayMs] of ngRetransmitMs.entries()) {
      clock.advance(delayMs - 1);
      assert.equal(sent.length, index + 1);
      clock.advance(1);
      assert.equal(sent.length, index + 2);
    }
    assert.equal(new Set(sent).size, 1);
    clock.advance(ngLastWaitMs - 1);
    assert.deepEqual(replies, []);
    clock.advance(1);
    assert.deepEqual(replies, [{ ok: false, kind: "silent", text: "no answer" }]);
    assert.equal(clock.pendingTimers, 0);
  });

  test("what is no reply is passed over", () => {
    const { client, replies, ask } = script();
    const cookie = ask();
    for (const datagram of ["", cookie, `${cookie} `, `${cookie} i1e`, `${cookie} d6:result`, `x ${ok}`]) {
      client.receive(datagram);
    }
    assert.deepEqual(replies, []);
    assert.equal(client.pendingRequests, 1);
  });

  test("as many requests wait as there may, and one more gets no answer", () => {
    const { clock, client, sent, replies, ask } = script();
    for (let count = 0; count < maximumPendingNgRequests; count += 1) ask();
    assert.equal(sent.length, maximumPendingNgRequests);
    ask();
    assert.equal(sent.length, maximumPendingNgRequests);
    clock.advance(0);
    const text = `${maximumPendingNgRequests} requests wait already`;
    assert.deepEqual(replies, [{ ok: false, kind: "silent", text }]);
    client.close();
    assert.equal(replies.length, maximumPendingNgRequests + 1);
    assert.equal(clock.pendingTimers, 0);
    ask();
    clock.advance(0);
    assert.deepEqual(replies.at(-1), { ok: false, kind: "silent", text: "closed" });
  });
});
