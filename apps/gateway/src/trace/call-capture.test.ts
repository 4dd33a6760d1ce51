import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { CaptureRule } from "@tandem/contracts";
import { flow } from "@tandem/sip/testing";
import {
  CallCapture,
  maximumCapturedCharacters,
  maximumCapturedMessages,
  maximumUnclaimed,
  maximumUnclaimedMessages,
} from "./call-capture.ts";
import type { TracedCall, TracedMessage } from "./traced-message.ts";

const anyCall: CaptureRule = { trunkSid: null, number: null, calls: 2, seconds: 60 };
let clock: HandClock;
let capture: CallCapture;
let now = 0;

beforeEach(() => {
  clock = new HandClock();
  capture = new CallCapture(clock);
  now = 1000;
});

const callOf = (sid: string, more: Partial<TracedCall> = {}): TracedCall => ({
  sid,
  trunkSid: "TK1",
  callingNumber: "+15550001",
  calledNumber: "+15550002",
  ...more,
});

function message(
  text: string,
  call: TracedCall | undefined,
  sipCallId: string | undefined = "leg",
): TracedMessage {
  now += 1;
  return { text, flow: flow("TLS"), isSent: false, atMs: now, sipCallId, call };
}

const textsOf = (sid: string): string[] => capture.messagesOf(sid).map(({ text }) => text);
const sids = (): string[] => capture.calls().map(({ callSid }) => callSid);

describe("which calls are captured", () => {
  test("none before it begins, and none after its seconds; those that it has stay", () => {
    assert.equal(capture.isListening, false);
    assert.equal(capture.state(), undefined);
    capture.tell(message("early", callOf("CA0")));
    capture.start(anyCall);
    assert.equal(capture.isListening, true);
    capture.tell(message("one", callOf("CA1")));
    clock.advance(59_000);
    assert.deepEqual(capture.state(), { rule: anyCall, secondsLeft: 1 });
    assert.equal(capture.isListening, true);
    clock.advance(1000);
    assert.equal(capture.isListening, false);
    assert.deepEqual(capture.state(), { rule: anyCall, secondsLeft: 0 });
    assert.deepEqual(sids(), ["CA1"]);
  });

  test("as many as were asked for, with all that follows of them", () => {
    capture.start(anyCall);
    for (const sid of ["CA1", "CA2", "CA3"]) capture.tell(message(sid, callOf(sid)));
    capture.tell(message("more", callOf("CA1")));
    assert.deepEqual(sids(), ["CA1", "CA2"]);
    assert.deepEqual(textsOf("CA1"), ["CA1", "more"]);
    assert.deepEqual(textsOf("CA3"), []);
  });

  for (const [what, rule, isTaken] of [
    ["of the trunk", { trunkSid: "TK1" }, true],
    ["of another trunk", { trunkSid: "TK2" }, false],
    ["from the number", { number: "+15550001" }, true],
    ["to the number", { number: "+15550002" }, true],
    ["with another number", { number: "+15550003" }, false],
    ["of the trunk, with another number", { trunkSid: "TK1", number: "+15550003" }, false],
  ] as const) {
    test(`a call ${what}: ${isTaken ? "yes" : "no"}`, () => {
      capture.start({ ...anyCall, ...rule });
      capture.tell(message("one", callOf("CA1")));
      assert.deepEqual(sids(), isTaken ? ["CA1"] : []);
    });
  }

  test("another start forgets what the first one had, and so does being told to", () => {
    capture.start(anyCall);
    capture.tell(message("one", callOf("CA1")));
    capture.start(anyCall);
    assert.deepEqual(sids(), []);
    capture.tell(message("one", callOf("CA1")));
    capture.forget();
    assert.deepEqual([sids(), capture.isListening, capture.state()], [[], false, undefined]);
  });
});

describe("what is kept of a call", () => {
  test("who calls whom, since when, and every message with both ends", () => {
    capture.start(anyCall);
    capture.tell(message("one", callOf("CA1")));
    assert.deepEqual(capture.calls(), [
      {
        callSid: "CA1",
        trunkSid: "TK1",
        callingNumber: "+15550001",
        calledNumber: "+15550002",
        startedAtMs: 1001,
        messages: 1,
        isWhole: true,
      },
    ]);
    const { localAddress, localPort, remoteAddress, remotePort } = flow("TLS");
    assert.deepEqual(capture.messagesOf("CA1"), [
      {
        atMs: 1001,
        isSent: false,
        protocol: "TLS",
        local: { address: localAddress, port: localPort },
        remote: { address: remoteAddress, port: remotePort },
        text: "one",
      },
    ]);
  });

  test("what came before it was a call: a challenge, in the order of the wire", () => {
    capture.start(anyCall);
    capture.tell(message("INVITE", undefined));
    capture.tell(message("407", undefined));
    const late = message("INVITE 2", callOf("CA1"));
    capture.tell(message("egress", callOf("CA1"), "other leg"));
    capture.tell(late);
    assert.deepEqual(textsOf("CA1"), ["INVITE", "407", "INVITE 2", "egress"]);
  });

  test("a message without Call-ID is nobody's", () => {
    capture.start(anyCall);
    capture.tell(message("garbage", undefined, undefined));
    assert.deepEqual(sids(), []);
  });

  test(`${maximumCapturedMessages} messages, and the call says that there were more`, () => {
    capture.start(anyCall);
    for (let index = 0; index < maximumCapturedMessages; index += 1)
      capture.tell(message("m", callOf("CA1")));
    assert.equal(capture.calls()[0]?.isWhole, true);
    capture.tell(message("m", callOf("CA1")));
    const [call] = capture.calls();
    assert.deepEqual([call?.messages, call?.isWhole], [maximumCapturedMessages, false]);
  });

  test("so many characters, and not one more", () => {
    capture.start(anyCall);
    capture.tell(message("m".repeat(maximumCapturedCharacters), callOf("CA1")));
    assert.equal(capture.calls()[0]?.isWhole, true);
    capture.tell(message("m", callOf("CA1")));
    const [call] = capture.calls();
    assert.deepEqual([call?.messages, call?.isWhole], [1, false]);
  });
});

describe("what is no call yet", () => {
  test(`${maximumUnclaimedMessages} messages of a Call-ID`, () => {
    capture.start(anyCall);
    for (let index = 0; index <= maximumUnclaimedMessages; index += 1)
      capture.tell(message(`${index}`, undefined));
    capture.tell(message("call", callOf("CA1")));
    assert.equal(textsOf("CA1").length, maximumUnclaimedMessages + 1);
    assert.equal(textsOf("CA1").includes(`${maximumUnclaimedMessages}`), false);
  });

  test(`${maximumUnclaimed} Call-IDs, and the oldest gives way`, () => {
    capture.start(anyCall);
    for (let index = 0; index < maximumUnclaimed; index += 1)
      capture.tell(message("early", undefined, `leg-${index}`));
    capture.tell(message("call", callOf("CA1"), "leg-0"));
    assert.deepEqual(textsOf("CA1"), ["early", "call"]);
    capture.tell(message("early", undefined, "one"));
    capture.tell(message("early", undefined, "one more"));
    capture.tell(message("call", callOf("CA2"), "leg-1"));
    assert.deepEqual(textsOf("CA2"), ["call"]);
  });
});
