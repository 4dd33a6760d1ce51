import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { sleep } from "./sleep.ts";
import { SystemClock } from "./system-clock.ts";

/** Resolves when the condition holds; the machine may be slow. */
async function eventually(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(condition());
}

/** Runs a script in a process of its own and returns what it prints; fails if it does not end by itself. */
async function run(script: string): Promise<string> {
  const source = `import { SystemClock } from ${JSON.stringify(new URL("./system-clock.ts", import.meta.url).href)};\n${script}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], {
    timeout: 30_000,
  });
  return stdout;
}

test("timers never fire early, and all of them fire", async () => {
  const clock = new SystemClock({ tickMs: 2 });
  const fired: { delay: number; isEarly: boolean }[] = [];
  const startMs = clock.monotonicMs();
  const delays = [0, 3, 8.5, 17, 17.2, 25, 40, 60];
  for (const delay of delays) {
    clock.schedule(
      delay,
      (d: number) => fired.push({ delay: d, isEarly: clock.monotonicMs() - startMs < d }),
      delay,
    );
  }
  assert.equal(clock.pendingTimers, delays.length);
  assert.equal(fired.length, 0);
  await eventually(() => fired.length === delays.length);
  assert.deepEqual(
    fired.toSorted((a, b) => a.delay - b.delay),
    delays.map((delay) => ({ delay, isEarly: false })),
  );
  assert.equal(clock.pendingTimers, 0);
});

test("a timer that is due before the one that is armed does not wait for it", async () => {
  const clock = new SystemClock();
  const far = clock.schedule(600_000, () => undefined, undefined);
  await sleep(clock, 5);
  assert.equal(far.isPending, true);
  assert.equal(clock.pendingTimers, 1);
  far.cancel();
  assert.equal(clock.pendingTimers, 0);
});

test("timers scheduled by timers fire, and an idle clock starts again", async () => {
  const clock = new SystemClock({ tickMs: 1 });
  const fired: number[] = [];
  clock.schedule(2, () => clock.schedule(2, () => fired.push(1), undefined), undefined);
  await eventually(() => fired.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  clock.schedule(1, () => fired.push(2), undefined);
  await eventually(() => fired.length === 2);
});

test("an onExpire that throws is reported, the others go on", async () => {
  const errors: unknown[] = [];
  const clock = new SystemClock({ onError: (error) => errors.push(error) });
  const broken = new Error("broken");
  let fired = 0;
  clock.schedule(
    1,
    () => {
      throw broken;
    },
    undefined,
  );
  clock.schedule(1, () => fired++, undefined);
  clock.schedule(20, () => fired++, undefined);
  await eventually(() => fired === 2);
  assert.deepEqual(errors, [broken]);
});

test("a closed clock fires nothing, and takes timers only to drop them", async () => {
  const clock = new SystemClock({ tickMs: 1 });
  let fired = 0;
  const early = clock.schedule(2, () => fired++, undefined);
  clock.close();
  clock.close();
  const late = clock.schedule(2, () => fired++, undefined);
  assert.equal(early.isPending, false);
  assert.equal(late.isPending, false);
  assert.equal(clock.pendingTimers, 0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(fired, 0);
});

test("delays that are no numbers and ticks that are no durations are refused", () => {
  const clock = new SystemClock();
  assert.throws(() => clock.schedule(Number.NaN, () => undefined, undefined), RangeError);
  assert.equal(clock.pendingTimers, 0);
  for (const tickMs of [0, -1, Number.NaN]) assert.throws(() => new SystemClock({ tickMs }), RangeError);
});

test("the wall clock is the machine's and the monotonic one has a fraction", () => {
  const clock = new SystemClock();
  assert.ok(Math.abs(clock.wallMs() - Date.now()) < 60_000);
  const first = clock.monotonicMs();
  assert.ok(clock.monotonicMs() >= first);
});

test("a pending timer keeps the process alive, a cancelled one does not, and one after it does again", async () => {
  assert.equal(
    await run(`
      const clock = new SystemClock();
      clock.schedule(600_000, () => {}, undefined).cancel();
      clock.schedule(30, () => console.log("fired"), undefined);
      clock.schedule(600_000, () => {}, undefined).cancel();
    `),
    "fired\n",
  );
  assert.equal(
    await run(`
      const clock = new SystemClock();
      const first = clock.schedule(50, () => console.log("cancelled"), undefined);
      first.cancel();
      clock.schedule(60, () => console.log("second"), undefined);
    `),
    "second\n",
  );
  assert.equal(
    await run(`new SystemClock().schedule(600_000, () => console.log("never"), undefined).cancel();`),
    "",
  );
});

test("without onError, and when onError throws, the process hears of it and the wheel goes on", async () => {
  const lines = async (options: string): Promise<string[]> => {
    const printed = await run(`
      process.on("uncaughtException", (error) => console.log(error.message));
      const clock = new SystemClock(${options});
      clock.schedule(1, () => { throw new Error("broken timer"); }, undefined);
      clock.schedule(1, () => console.log("beside it"), undefined);
      clock.schedule(60, () => console.log("later"), undefined);
    `);
    // On a busy machine the first two may fall into different ticks.
    return printed.trim().split("\n").toSorted();
  };
  assert.deepEqual(await lines("{ tickMs: 20 }"), ["beside it", "broken timer", "later"]);
  const failing = `{ tickMs: 20, onError: () => { throw new Error("broken handler"); } }`;
  assert.deepEqual(await lines(failing), ["beside it", "broken handler", "later"]);
});
