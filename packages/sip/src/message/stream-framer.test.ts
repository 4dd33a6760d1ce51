import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FramerEvent, type FramerLimits, StreamFramer } from "./stream-framer.ts";

const generous: FramerLimits = { maximumHeaderBytes: 4096, maximumBodyBytes: 4096 };

function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Events in short: a message as its text, the others by kind. */
function short(events: readonly FramerEvent[]): readonly string[] {
  return events.map((event) => {
    if (event.kind === "message") return event.text;
    return event.kind === "error" ? `error ${event.error.code}` : event.kind;
  });
}

function framed(text: string, limits = generous): readonly string[] {
  return short(new StreamFramer(limits).push(bytes(text)));
}

function withBody(body: string): string {
  return `MESSAGE sip:h SIP/2.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const first = withBody("hello\r\n\r\n\xff\0");
const second = withBody("");

const streams: readonly (readonly [rule: string, text: string, events: readonly string[]])[] = [
  ["one message", first, [first]],
  ["messages back to back", first + second + first, [first, second, first]],
  ["a message and a half", first + second.slice(0, -1), [first]],
  ["half a body", first.slice(0, -1), []],
  ["nothing", "", []],
  ["a double CRLF is a ping", "\r\n\r\n", ["ping"]],
  ["a single CRLF is a pong", "\r\n", ["pong"]],
  ["three CRLFs are a ping and a pong", "\r\n\r\n\r\n", ["ping", "pong"]],
  ["four CRLFs are two pings", "\r\n\r\n\r\n\r\n", ["ping", "ping"]],
  ["a CR waits for its LF", "\r", []],
  ["a pong and a CR", "\r\n\r", []],
  [
    "keep-alives between messages",
    `${first}\r\n\r\n${second}\r\n${first}`,
    [first, "ping", second, "pong", first],
  ],
  ["CR without LF between messages", "\rX", ["error stream-malformed"]],
  [
    "compact and folded Content-Length",
    "A b SIP/2.0\r\nL :\r\n 2\r\n\r\nxy\r\n",
    ["A b SIP/2.0\r\nL :\r\n 2\r\n\r\nxy", "pong"],
  ],
  ["no Content-Length", "A b SIP/2.0\r\nQ: 1\r\n\r\n", ["error content-length-missing"]],
  ["no header fields at all", "A\r\n\r\n", ["error content-length-missing"]],
  ["negative Content-Length", "A b SIP/2.0\r\nl: -1\r\n\r\n", ["error content-length-malformed"]],
  ["two Content-Lengths", "A b SIP/2.0\r\nl: 1\r\nl: 1\r\n\r\n", ["error content-length-repeated"]],
  ["messages before the error count", `${first}A\r\n\r\n${second}`, [first, "error content-length-missing"]],
];

for (const [rule, text, events] of streams) {
  test(`stream: ${rule}`, () => assert.deepEqual(framed(text), events));
}

test("an error in a complete header comes with the header, so that a request can be answered", () => {
  const header = "INVITE sip:h SIP/2.0\r\nVia: SIP/2.0/TCP h\r\n\r\n";
  const events = new StreamFramer(generous).push(bytes(`${first}${header}rest`));
  const error = events[1];
  assert.ok(error?.kind === "error");
  assert.equal(error.text, header);
});

test("it knows whether a message has begun and not ended", () => {
  const framer = new StreamFramer(generous);
  assert.equal(framer.isInsideMessage, false);
  for (const part of [first.slice(0, 1), first.slice(1, -1)]) {
    framer.push(bytes(part));
    assert.equal(framer.isInsideMessage, true);
  }
  framer.push(bytes(`${first.slice(-1)}${second}`));
  assert.equal(framer.isInsideMessage, false);
  framer.push(bytes("\r\n\r\n"));
  assert.equal(framer.isInsideMessage, false, "a keep-alive is no message");
  framer.push(bytes(`${first}M`));
  assert.equal(framer.isInsideMessage, true, "the next one has begun");
});

test("behind an error the stream is dead", () => {
  const framer = new StreamFramer(generous);
  assert.deepEqual(short(framer.push(bytes("\rX"))), ["error stream-malformed"]);
  assert.deepEqual(framer.push(bytes(first)), []);
  assert.deepEqual(framer.push(bytes("\r\n\r\n")), []);
});

test("the header limit: exactly so many bytes pass, one more does not", () => {
  const header = "A b SIP/2.0\r\nl: 0\r\n\r\n";
  const limits = { maximumHeaderBytes: header.length, maximumBodyBytes: 0 };
  assert.deepEqual(framed(header + header, limits), [header, header]);
  assert.deepEqual(framed(`X${header}`, limits), ["error header-too-large"]);
  const tooLong = new StreamFramer(limits).push(bytes(`X${header}`))[0];
  assert.ok(tooLong?.kind === "error" && tooLong.text === undefined);
  const framer = new StreamFramer(limits);
  for (let sent = 0; sent < header.length; sent++) assert.deepEqual(framer.push(bytes("x")), []);
  assert.deepEqual(short(framer.push(bytes("x"))), ["error header-too-large"]);
});

test("the body limit: exactly so many bytes pass, one more does not and comes with the header", () => {
  const limits = { maximumHeaderBytes: 4096, maximumBodyBytes: 5 };
  assert.deepEqual(framed(withBody("12345"), limits), [withBody("12345")]);
  const events = new StreamFramer(limits).push(bytes(withBody("123456")));
  assert.deepEqual(short(events), ["error body-too-large"]);
  assert.ok(events[0]?.kind === "error" && events[0].text === withBody("123456").slice(0, -6));
});

test("a body in progress does not count as header", () => {
  const limits = { maximumHeaderBytes: 64, maximumBodyBytes: 1000 };
  const text = withBody("x".repeat(1000));
  const framer = new StreamFramer(limits);
  assert.deepEqual(short(framer.push(bytes(text.slice(0, 900)))), []);
  assert.deepEqual(short(framer.push(bytes(text.slice(900)))), [text]);
});

test("a ping in two halves is still answered: a pong, then a ping", () => {
  const framer = new StreamFramer(generous);
  assert.deepEqual(short(framer.push(bytes("\r\n"))), ["pong"]);
  assert.deepEqual(short(framer.push(bytes("\r\n"))), ["ping"]);
  assert.deepEqual(short(framer.push(bytes("\r\n"))), ["pong"]);
  assert.deepEqual(short(framer.push(bytes(`${second}\r\n`))), [second, "pong"]);
});

test("a ping cut inside its second half is one ping", () => {
  const framer = new StreamFramer(generous);
  assert.deepEqual(short(framer.push(bytes("\r\n\r"))), []);
  assert.deepEqual(short(framer.push(bytes("\n"))), ["ping"]);
});

test("a chunk may be reused by its owner", () => {
  const framer = new StreamFramer(generous);
  const chunk = bytes(first.slice(0, 10));
  framer.push(chunk);
  chunk.fill(0);
  assert.deepEqual(short(framer.push(bytes(first.slice(10)))), [first]);
});

/** The pieces of a text cut at the given places. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].toSorted((a, b) => a - b);
  return [...ends, text.length].map((end, i) => text.slice(i === 0 ? 0 : ends[i - 1], end));
}

test("any split of a stream gives the same messages, and as many pings", () => {
  const part = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "\r\n", "\r", "\n", "\xff", "\0"), maxLength: 30 }).map(withBody),
    fc.constantFrom("\r\n\r\n", second),
  );
  const places = fc.array(fc.nat(2000), { maxLength: 40 });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), places, (parts, at) => {
      const text = parts.join("");
      const whole = framed(text).filter((event) => event !== "pong");
      assert.deepEqual(
        whole,
        parts.map((one) => (one === "\r\n\r\n" ? "ping" : one)),
      );
      const framer = new StreamFramer(generous);
      const pieces = cut(text, at).flatMap((piece) => short(framer.push(bytes(piece))));
      assert.deepEqual(
        pieces.filter((event) => event !== "pong"),
        whole,
      );
    }),
  );
});

test("any split of a broken stream ends in the same error", () => {
  const broken = fc.constantFrom(
    "\rX",
    "A\r\n\r\n",
    "A b SIP/2.0\r\nl: x\r\n\r\n",
    "A b SIP/2.0\r\nl: 9999\r\n\r\n",
    "x".repeat(5000),
  );
  fc.assert(
    fc.property(broken, fc.array(fc.nat(6000), { maxLength: 20 }), (tail, at) => {
      const text = first + tail;
      const framer = new StreamFramer(generous);
      const pieces = cut(text, at).flatMap((piece) => short(framer.push(bytes(piece))));
      assert.deepEqual(pieces, framed(text));
      assert.equal(pieces.length, 2);
    }),
  );
});

test("byte by byte, a long header and a long body come through", () => {
  const text = `A b SIP/2.0\r\nQ: ${"q".repeat(60_000)}\r\nl: 60000\r\n\r\n${"b".repeat(60_000)}`;
  const framer = new StreamFramer({ maximumHeaderBytes: 65_536, maximumBodyBytes: 65_536 });
  const whole = bytes(text);
  const events: FramerEvent[] = [];
  for (let at = 0; at < whole.length; at++) events.push(...framer.push(whole.subarray(at, at + 1)));
  assert.deepEqual(short(events), [text]);
});
