import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { logLimits } from "./encode-fields.ts";
import type { LogLevel } from "./log-level.ts";
import { writerLimits } from "./log-writer.ts";
import { createLogger, type Logger } from "./logger.ts";

interface Harness {
  readonly logger: Logger;
  readonly clock: HandClock;
  readonly writes: string[];
  readonly sink: { write(text: string): void; writableLength: number };
  /** Flushes and parses all lines. */
  readonly lines: () => Record<string, unknown>[];
}

function harness(level: LogLevel = "debug"): Harness {
  const clock = new HandClock({ wallMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6) });
  const writes: string[] = [];
  const sink = { write: (text: string): void => void writes.push(text), writableLength: 0 };
  const logger = createLogger({ level, sink, clock });
  const lines = (): Record<string, unknown>[] => {
    logger.flush();
    return writes
      .join("")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { logger, clock, writes, sink, lines };
}

/** The one line of these fields, without time, level and event. */
function written(fields: Record<string, unknown>): Record<string, unknown> {
  const { logger, lines } = harness();
  logger.info("x", fields);
  const [line] = lines();
  const { time: _time, level: _level, event: _event, ...rest } = line ?? {};
  return rest;
}

describe("a line", () => {
  test("is JSON with time, level, event and fields, in that order", () => {
    const { logger, writes } = harness();
    logger.warn("call-refused", { statusCode: 403, sourceAddress: "192.0.2.1", isKnown: false });
    logger.flush();
    assert.equal(
      writes[0],
      '{"time":"2026-01-02T03:04:05.006Z","level":"warn","event":"call-refused","statusCode":403,"sourceAddress":"192.0.2.1","isKnown":false}\n',
    );
  });

  test("needs no fields, and stays one line whatever is in it", () => {
    const { logger, writes } = harness();
    logger.info('odd "event"\n', { text: "a\r\nb" });
    logger.info("plain");
    logger.flush();
    assert.equal(writes[0]?.split("\n").length, 3);
  });

  test("may not have its own names overwritten", () => {
    const { logger, lines } = harness();
    logger.info("x", { time: 1, level: 2, event: 3 });
    const [line] = lines();
    assert.deepEqual([line?.["event"], line?.["level"], line?.["event_"]], ["x", "info", 3]);
    assert.deepEqual([line?.["time_"], line?.["level_"]], [1, 2]);
  });

  const values: [what: string, value: unknown, expected: unknown][] = [
    ["null", null, null],
    ["not a number", Number.NaN, "NaN"],
    ["infinity", Number.POSITIVE_INFINITY, "Infinity"],
    ["bigint", 12n, "12"],
    ["date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["no date", new Date(Number.NaN), "[no date]"],
    ["bytes", Buffer.from("planted"), "[7 bytes]"],
    ["map", new Map([["a", 1]]), { a: 1 }],
    ["set", new Set([1, 2]), [1, 2]],
    ["list with gaps", [undefined, () => 1], [null, null]],
    ["nested", { a: { b: ["c"] } }, { a: { b: ["c"] } }],
  ];
  for (const [what, value, expected] of values) {
    test(`writes ${what}`, () => assert.deepEqual(written({ value }), { value: expected }));
  }

  test("leaves out what is undefined or a function", () => {
    assert.deepEqual(written({ a: undefined, b: () => 1, c: 1 }), { c: 1 });
  });

  test("tells all of an error: name, message, stack, code, cause", () => {
    const error = Object.assign(new TypeError("broken", { cause: new Error("below") }), { code: "EX" });
    const { error: told } = written({ error }) as { error: Record<string, unknown> };
    assert.deepEqual([told["name"], told["message"], told["code"]], ["TypeError", "broken", "EX"]);
    assert.match(String(told["stack"]), /logger\.test/);
    assert.equal((told["cause"] as Record<string, unknown>)["message"], "below");
  });

  test("is written even if a getter throws", () => {
    const fields = Object.defineProperty({}, "bad", {
      enumerable: true,
      get: () => assert.fail("no value"),
    }) as Record<string, unknown>;
    assert.deepEqual(written(fields), { unwritable: true });
  });
});

describe("limits of a line", () => {
  test("a text of n chars is whole, of n + 1 is cut", () => {
    const n = logLimits.maximumTextLength;
    assert.equal(n, 8192);
    assert.equal(written({ text: "x".repeat(n) })["text"], "x".repeat(n));
    assert.equal(written({ text: "x".repeat(n + 1) })["text"], `${"x".repeat(n)}[1 more]`);
  });

  test("a text is redacted before it is cut", () => {
    const text = `${"x".repeat(logLimits.maximumTextLength - 20)} Authorization: planted`;
    assert.ok(!JSON.stringify(written({ text })).includes("planted"));
  });

  test("depth 6 is written, depth 7 is not; so a cycle ends", () => {
    assert.equal(logLimits.maximumDepth, 6);
    const at = (depth: number): unknown => (depth === 1 ? { end: 1 } : { in: at(depth - 1) });
    assert.match(JSON.stringify(written({ value: at(5) })), /"end":1/);
    assert.match(JSON.stringify(written({ value: at(6) })), /"in":"\[too deep\]"/);
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    assert.match(JSON.stringify(written(cycle)), /too deep/);
  });

  const wrappers: [what: string, wrap: (inner: unknown) => unknown][] = [
    ["lists", (inner) => [inner]],
    ["sets", (inner) => new Set([inner])],
    ["maps", (inner) => new Map([["in", inner]])],
    ["causes of errors", (inner) => new Error("x", { cause: inner })],
  ];
  for (const [what, wrap] of wrappers) {
    test(`depth is the same for ${what}`, () => {
      const at = (depth: number): unknown => (depth === 0 ? "end" : wrap(at(depth - 1)));
      const five = JSON.stringify(written({ value: at(5) }));
      assert.match(five, /"end"/);
      assert.doesNotMatch(five, /too deep/);
      assert.match(JSON.stringify(written({ value: at(6) })), /too deep/);
    });
  }

  test("500 values are written, the next is not", () => {
    assert.equal(logLimits.maximumValues, 500);
    const list = (count: number): unknown[] => Array.from({ length: count }, () => 1);
    assert.equal((written({ list: list(499) })["list"] as unknown[]).at(-1), 1);
    assert.equal((written({ list: list(500) })["list"] as unknown[]).at(-1), "[too many values]");
    const object = (count: number) => Object.fromEntries(list(count).map((value, i) => [`f${i}`, value]));
    assert.equal(written(object(500))["more"], undefined);
    assert.equal(written(object(501))["more"], "[too many values]");
  });
});

describe("secrets", () => {
  test("planted anywhere, they are not in the log", () => {
    const { logger, writes } = harness();
    const child = logger.child({ token: "planted1", text: "Authorization: Digest planted2" });
    child.info("x", {
      password: "planted3",
      nested: { list: [{ ha1: "planted4" }, "Proxy-Authorization: planted5"] },
      headers: new Map([["Authorization", "planted6"]]),
      error: new Error("a=crypto:1 X inline:planted7", { cause: { apiKey: "planted8" } }),
      secret: { deep: ["planted9"] },
    });
    logger.flush();
    assert.equal(writes.join("").includes("planted"), false, writes.join(""));
    assert.equal(writes.join("").split("[redacted]").length - 1, 10);
  });

  test("that one is missing or empty shows", () => {
    assert.deepEqual(written({ password: "", token: null, secret: undefined }), {
      password: "",
      token: null,
    });
    assert.deepEqual(written({ password: 0 }), { password: "[redacted]" });
  });
});

describe("levels", () => {
  const levels: LogLevel[] = ["debug", "info", "warn", "error"];
  for (const [i, level] of levels.entries()) {
    test(`${level} writes itself and what is graver`, () => {
      const { logger, lines } = harness(level);
      for (const one of levels) logger[one]("x");
      assert.deepEqual(
        lines().map((line) => line["level"]),
        levels.slice(i),
      );
      for (const [j, one] of levels.entries()) assert.equal(logger.isEnabled(one), j >= i);
      assert.equal(logger.child({}).level, level);
    });
  }
});

describe("children", () => {
  test("add their fields to those of their parents", () => {
    const { logger, lines } = harness();
    const child = logger.child({ gateway: "gw1" });
    child.child({ callId: "c" }).info("x", { a: 1 });
    child.info("y");
    logger.info("z");
    const [x, y, z] = lines();
    assert.deepEqual([x?.["gateway"], x?.["callId"], x?.["a"]], ["gw1", "c", 1]);
    assert.deepEqual([y?.["gateway"], y?.["callId"]], ["gw1", undefined]);
    assert.equal(z?.["gateway"], undefined);
  });
});

describe("batches", () => {
  test("are written after 10 ms, in one go, and leave no timer", () => {
    const { logger, clock, writes } = harness();
    logger.info("a");
    clock.advance(5);
    logger.info("b");
    clock.advance(4.9);
    assert.equal(writes.length, 0);
    assert.equal(clock.pendingTimers, 1);
    clock.advance(0.1);
    assert.equal(writes.length, 1);
    assert.equal(writes[0]?.split("\n").length, 3);
    assert.equal(clock.pendingTimers, 0);
    clock.advance(100);
    assert.equal(writes.length, 1);
  });

  test("are written at once with an error, and by flush", () => {
    const { logger, clock, writes } = harness();
    logger.info("a");
    logger.error("b");
    assert.match(writes[0] ?? "", /"a".*\n.*"b"/);
    logger.child({}).info("c");
    logger.flush();
    logger.flush();
    assert.equal(writes.length, 2);
    assert.equal(clock.pendingTimers, 0);
  });

  test("are written when they are full", () => {
    const { logger, writes } = harness();
    assert.equal(writerLimits.maximumBatchLength, 65_536);
    const text = "x".repeat(8000);
    for (let i = 0; i < 8; i += 1) logger.info("a", { text });
    assert.equal(writes.length, 0);
    logger.info("a", { text });
    assert.equal(writes.length, 1);
    logger.info("a");
    assert.equal(writes.length, 1);
  });

  test("are dropped, counted and told of when the sink is stuck", () => {
    const { logger, sink, writes, lines } = harness();
    assert.equal(writerLimits.maximumWaitingBytes, 4_194_304);
    sink.writableLength = 4_194_304;
    logger.error("at the limit");
    assert.deepEqual([writes.length, logger.droppedLines], [1, 0]);
    sink.writableLength = 4_194_305;
    logger.info("lost");
    logger.error("lost");
    logger.error("lost");
    assert.deepEqual([writes.length, logger.droppedLines], [1, 3]);
    sink.writableLength = 0;
    logger.error("after");
    logger.error("and on");
    assert.deepEqual(
      lines().map((line) => [line["event"], line["lines"]]),
      [
        ["at the limit", undefined],
        ["log-lines-dropped", 3],
        ["after", undefined],
        ["and on", undefined],
      ],
    );
    assert.equal(logger.droppedLines, 3);
  });

  const failures: [what: string, write: (text: string, onWritten: (error?: Error | null) => void) => void][] =
    [
      ["says so later", (_text, onWritten) => onWritten(new Error("write EPIPE"))],
      [
        "throws",
        () => {
          throw new Error("ENOSPC: no space left on device, write");
        },
      ],
    ];
  for (const [how, fail] of failures) {
    test(`are dropped, counted and told of when the sink fails and ${how}`, () => {
      const writes: string[] = [];
      const sink = { write: fail };
      const logger = createLogger({ level: "info", sink, clock: new HandClock() });
      logger.info("lost");
      logger.error("lost");
      assert.equal(logger.droppedLines, 2);
      logger.error("lost with what told of the first two");
      assert.equal(logger.droppedLines, 3);
      sink.write = (text, onWritten) => {
        writes.push(text);
        onWritten(null);
      };
      logger.error("after");
      logger.error("and on");
      assert.match(writes[0] ?? "", /^{.*"event":"log-lines-dropped","lines":3}\n.*"after"}\n$/);
      assert.match(writes[1] ?? "", /^.*"and on"}\n$/);
      assert.equal(logger.droppedLines, 3);
    });
  }

  test("harm nobody when the stream they go to has failed", () => {
    const sink = new EventEmitter() as EventEmitter & { write: () => void };
    sink.write = () => undefined;
    createLogger({ level: "info", sink, clock: new HandClock() });
    assert.doesNotThrow(() => sink.emit("error", new Error("write EPIPE")));
  });

  test("need only a write method of the sink", () => {
    const writes: string[] = [];
    const logger = createLogger({
      level: "info",
      sink: { write: (text) => writes.push(text) },
      clock: new HandClock(),
    });
    logger.error("x");
    assert.equal(writes.length, 1);
  });
});
