import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fellSilentMs, heardPackets, neverHeardMs, OneWayWatch } from "./one-way-watch.ts";

const many = heardPackets;

describe("one-way audio", () => {
  test("names the side that never sent, once the other was heard for long enough", () => {
    for (const silentSide of ["caller", "callee"] as const) {
      const packets = { caller: many, callee: many, [silentSide]: 0 };
      assert.equal(new OneWayWatch().look(neverHeardMs - 1, packets), undefined);
      assert.deepEqual(new OneWayWatch().look(neverHeardMs, packets), { silentSide, sinceMs: 0 });
    }
  });

  test("is none while the other side has hardly been heard either", () => {
    const packets = { caller: heardPackets - 1, callee: 0 };
    assert.equal(new OneWayWatch().look(60_000, packets), undefined);
    assert.ok(new OneWayWatch().look(60_000, { ...packets, caller: heardPackets }));
  });

  test("is none when nobody is heard, or both are", () => {
    const watch = new OneWayWatch();
    for (let ms = 10_000; ms < 200_000; ms += 10_000) {
      assert.equal(watch.look(ms, { caller: 0, callee: 0 }), undefined);
    }
    const busy = new OneWayWatch();
    for (let ms = 10_000; ms < 200_000; ms += 10_000) {
      assert.equal(busy.look(ms, { caller: ms, callee: ms / 100 }), undefined);
    }
  });

  test("of a side that had been heard takes longer: it may be listening", () => {
    const watch = new OneWayWatch();
    assert.equal(watch.look(10_000, { caller: 500, callee: 400 }), undefined);
    for (let ms = 20_000; ms < 10_000 + fellSilentMs; ms += 10_000) {
      assert.equal(watch.look(ms, { caller: ms, callee: 400 }), undefined, `${ms}`);
    }
    const found = watch.look(10_000 + fellSilentMs, { caller: 10_000 + fellSilentMs, callee: 400 });
    assert.deepEqual(found, { silentSide: "callee", sinceMs: 10_000 });
  });

  test("ends when both fall silent: the time that counts is the other's", () => {
    const watch = new OneWayWatch();
    watch.look(10_000, { caller: 500, callee: 400 });
    watch.look(20_000, { caller: 900, callee: 400 });
    assert.equal(watch.look(90_000, { caller: 900, callee: 400 }), undefined);
  });

  test("is not looked for in time on hold, and begins anew after it", () => {
    const watch = new OneWayWatch();
    watch.pause(60_000, { caller: 3000, callee: 0 });
    assert.equal(watch.look(60_000 + neverHeardMs - 1, { caller: 3500, callee: 0 }), undefined);
    const found = watch.look(60_000 + neverHeardMs, { caller: 3600, callee: 0 });
    assert.deepEqual(found, { silentSide: "callee", sinceMs: 60_000 });
  });

  test("on hold a side that has sent before is known to be able to", () => {
    const watch = new OneWayWatch();
    watch.pause(60_000, { caller: 3000, callee: 2000 });
    assert.equal(watch.look(60_000 + neverHeardMs, { caller: 3500, callee: 2000 }), undefined);
    assert.ok(watch.look(60_000 + fellSilentMs, { caller: 4000, callee: 2000 }));
  });

  test("counts of another engine, which begin anew, are no silence", () => {
    const watch = new OneWayWatch();
    watch.look(10_000, { caller: 500, callee: 500 });
    assert.equal(watch.look(20_000 + fellSilentMs, { caller: 900, callee: 20 }), undefined);
  });
});
