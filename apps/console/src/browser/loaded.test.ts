import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReactiveControllerHost } from "lit";
import { Loaded } from "./loaded.ts";

function host() {
  let updates = 0;
  const element = {
    addController: () => undefined,
    removeController: () => undefined,
    requestUpdate: () => {
      updates += 1;
    },
    updateComplete: Promise.resolve(true),
  } satisfies ReactiveControllerHost;
  return { element, updates: () => updates };
}

test("it is read when its element is shown", async () => {
  const { element, updates } = host();
  const loaded = new Loaded(element, async () => "a");
  assert.equal(loaded.value, undefined);
  loaded.hostConnected();
  await loaded.reload();
  assert.equal(loaded.value, "a");
  assert.equal(updates(), 1);
});

test("what was read stays when a later reading fails, and the fault goes when one succeeds", async () => {
  const answers = [() => "a", () => Promise.reject(new TypeError("Failed to fetch")), () => "b"];
  const loaded = new Loaded(host().element, async () => answers.shift()?.());
  await loaded.reload();
  await loaded.reload();
  assert.deepEqual([loaded.value, loaded.fault?.message], ["a", "Control does not answer."]);
  await loaded.reload();
  assert.deepEqual([loaded.value, loaded.fault], ["b", undefined]);
});

test("an answer that comes after a newer question is not wanted, nor one that comes when nobody looks", async () => {
  const answers: ((text: string) => void)[] = [];
  const { element, updates } = host();
  const loaded = new Loaded(element, () => new Promise<string>((resolve) => answers.push(resolve)));
  const readings = [loaded.reload(), loaded.reload()];
  answers[1]?.("new");
  answers[0]?.("old");
  await Promise.all(readings);
  assert.equal(loaded.value, "new");
  const last = loaded.reload();
  loaded.hostDisconnected();
  answers[2]?.("late");
  await last;
  assert.deepEqual([loaded.value, updates()], ["new", 1]);
});
