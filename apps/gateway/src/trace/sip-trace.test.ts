import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { flow } from "@tandem/sip/testing";
import {
  exportDelayMs,
  maximumRememberedCallIds,
  maximumWaiting,
  maximumWaitingCharacters,
  SipTrace,
} from "./sip-trace.ts";
import type { TraceAudience, TracedCall, TracedMessage } from "./traced-message.ts";

const peer = flow("UDP", { localAddress: "198.51.100.1", remoteAddress: "192.0.2.7", remotePort: 5070 });
const message = (callId: string, cseq = "1 INVITE"): string =>
  `${cseq.slice(2)} sip:x SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: ${cseq}\r\n\r\n`;

let clock: HandClock;
let told: TracedMessage[];
let calls: Map<string, TracedCall>;
let asked: string[];
let isListening: boolean;

beforeEach(() => {
  clock = new HandClock();
  told = [];
  calls = new Map();
  asked = [];
  isListening = true;
});

function trace(): SipTrace {
  const audience: TraceAudience = {
    get isListening() {
      return isListening;
    },
    tell: (tracedMessage) => void told.push(tracedMessage),
  };
  return new SipTrace({
    clock,
    audiences: [audience],
    callOf: (callId) => {
      asked.push(callId);
      return calls.get(callId);
    },
  });
}

const call = (sid: string): TracedCall => ({ sid, trunkSid: "TK1", callingNumber: "+1", calledNumber: "+2" });
const sids = (): (string | undefined)[] => told.map((one) => one.call?.sid);

describe("what is told", () => {
  test("both directions, when the batch is due", () => {
    const traced = trace();
    traced.onReceived(message("a"), peer);
    traced.onSent("SIP/2.0 100 Trying\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n\r\n", peer);
    clock.advance(exportDelayMs - 1);
    assert.equal(told.length, 0);
    clock.advance(1);
    assert.deepEqual(
      told.map(({ text, isSent, flow: used, sipCallId }) => [text.slice(0, 11), isSent, used, sipCallId]),
      [
        ["INVITE sip:", false, peer, "a"],
        ["SIP/2.0 100", true, peer, "a"],
      ],
    );
  });

  test("when each was on the wire, not when it was told", () => {
    const traced = trace();
    const startedMs = clock.wallMs();
    traced.onReceived(message("a"), peer);
    clock.advance(3);
    traced.onSent(message("a"), peer);
    clock.advance(exportDelayMs);
    assert.deepEqual(
      told.map(({ atMs }) => atMs),
      [startedMs, startedMs + 3],
    );
  });

  test("no key and no password", () => {
    const traced = trace();
    traced.onReceived(`${message("a")}a=crypto:1 A inline:secret\r\n`, peer);
    traced.flush();
    assert.match(told[0]?.text ?? "", /inline:xxxxxx\r\n$/);
  });

  test("another batch follows", () => {
    const traced = trace();
    traced.onReceived(message("a"), peer);
    clock.advance(exportDelayMs);
    traced.onReceived(message("b"), peer);
    clock.advance(exportDelayMs);
    assert.equal(told.length, 2);
  });

  test("nothing while nobody listens, and nothing is kept for later", () => {
    const traced = trace();
    isListening = false;
    assert.equal(traced.isHeard, false);
    traced.onReceived(message("a"), peer);
    traced.onSent(message("a"), peer);
    traced.remember("a", call("CA1"));
    isListening = true;
    traced.flush();
    assert.deepEqual(told, []);
    traced.onReceived(message("a"), peer);
    traced.flush();
    assert.deepEqual(sids(), [undefined]);
  });
});

describe("one call, one ladder", () => {
  test("both legs carry the exchangeCallId, asked for once a Call-ID", () => {
    const traced = trace();
    traced.onReceived(message("ingress"), peer);
    calls.set("ingress", call("CA1")).set("egress", call("CA1"));
    traced.onSent(message("egress"), peer);
    traced.onReceived(message("ingress", "1 ACK"), peer);
    traced.flush();
    assert.deepEqual(sids(), ["CA1", "CA1", "CA1"]);
    assert.deepEqual(asked, ["ingress", "egress"]);
  });

  test("a call that has ended is known by what came before", () => {
    const traced = trace();
    calls.set("a", call("CA1"));
    traced.onReceived(message("a"), peer);
    traced.flush();
    calls.clear();
    traced.onReceived(message("a", "2 BYE"), peer);
    traced.flush();
    assert.deepEqual(sids(), ["CA1", "CA1"]);
  });

  test("a call that is over before its messages are told", () => {
    const traced = trace();
    traced.onReceived(message("a"), peer);
    traced.remember("a", call("CA1"));
    traced.flush();
    assert.deepEqual(sids(), ["CA1"]);
    assert.deepEqual(asked, []);
  });

  test("an INVITE after a challenge has a call, though its first had none", () => {
    const traced = trace();
    traced.onReceived(message("a"), peer);
    traced.onReceived(message("a", "1 ACK"), peer);
    traced.flush();
    calls.set("a", call("CA1"));
    traced.onReceived(message("a", "2 INVITE"), peer);
    traced.onReceived(message("a", "2 ACK"), peer);
    traced.flush();
    assert.deepEqual(sids(), [undefined, undefined, "CA1", "CA1"]);
    assert.deepEqual(asked, ["a", "a"]);
  });

  test("a message without a Call-ID is told too", () => {
    const traced = trace();
    traced.onReceived("garbage", peer);
    traced.flush();
    assert.deepEqual([told[0]?.text, told[0]?.sipCallId], ["garbage", undefined]);
    assert.deepEqual(asked, []);
  });

  test(`${maximumRememberedCallIds} Call-IDs are remembered, and the oldest gives way`, () => {
    const traced = trace();
    const see = (callId: string): void => {
      traced.onReceived(message(callId, "1 BYE"), peer);
      traced.flush();
    };
    for (let index = 0; index < maximumRememberedCallIds; index += 1) see(`call-${index}`);
    asked = [];
    see("call-0");
    assert.deepEqual(asked, []);
    see("one-more");
    see("call-1");
    see("call-0");
    assert.deepEqual(asked, ["one-more", "call-0"]);
  });
});

describe("a trace costs no call", () => {
  test(`${maximumWaiting} messages wait, the next is dropped`, () => {
    const traced = trace();
    for (let index = 0; index < maximumWaiting; index += 1) traced.onReceived("m", peer);
    assert.equal(traced.dropped, 0);
    traced.onReceived("m", peer);
    assert.equal(traced.dropped, 1);
    traced.flush();
    traced.onReceived("m", peer);
    traced.flush();
    assert.deepEqual([told.length, traced.dropped], [maximumWaiting + 1, 1]);
  });

  test("so many characters wait, and not one more", () => {
    const traced = trace();
    const megabyte = "m".repeat(1024 * 1024);
    for (let sum = 0; sum < maximumWaitingCharacters; sum += megabyte.length)
      traced.onReceived(megabyte, peer);
    assert.equal(traced.dropped, 0);
    traced.onReceived("m", peer);
    assert.equal(traced.dropped, 1);
    traced.flush();
    traced.onReceived(megabyte, peer);
    assert.equal(traced.dropped, 1);
  });
});
