import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { faulty, type Judged, type StiCertificate } from "@tandem/stir";
import { CertificateStore, certificateStoreLimits, type Fetched } from "./certificate-store.ts";

const good: Judged<StiCertificate> = { ok: true, value: {} as StiCertificate };
const fetchedGood = (maxAgeSeconds?: number): Fetched => ({ ok: true, certificate: good, maxAgeSeconds });

class Scene {
  readonly clock = new HandClock();
  readonly asked: { readonly url: string; readonly done: (fetched: Fetched) => void }[] = [];
  readonly store = new CertificateStore({
    clock: this.clock,
    fetch: (url, done) => this.asked.push({ url, done }),
  });
  readonly told: string[] = [];

  get(url: string): void {
    this.store.get(url, (one) => this.told.push(one.ok ? "good" : one.fault.text));
  }

  answer(fetched: Fetched): void {
    this.asked.shift()?.done(fetched);
  }
}

test("one fetch for all that ask meanwhile, and none for those after", () => {
  const scene = new Scene();
  scene.get("a");
  scene.get("a");
  scene.get("b");
  assert.deepEqual(
    scene.asked.map(({ url }) => url),
    ["a", "b"],
  );
  scene.answer(fetchedGood());
  assert.deepEqual(scene.told, ["good", "good"]);
  scene.get("a");
  assert.deepEqual([scene.told.length, scene.asked.length], [3, 1]);
});

const { shortestSeconds, defaultSeconds, longestSeconds, failureSeconds } = certificateStoreLimits;
const refused: Fetched = { ok: true, certificate: faulty("certificate-refused", "no"), maxAgeSeconds: 9999 };
const ages: [what: string, fetched: Fetched, seconds: number][] = [
  ["without Cache-Control", fetchedGood(), defaultSeconds],
  ["for as long as it says", fetchedGood(600), 600],
  ["that is not to be kept", fetchedGood(0), shortestSeconds],
  ["for ever", fetchedGood(10 ** 9), longestSeconds],
  ["that is no good", refused, shortestSeconds],
  ["that is not there", { ok: false, text: "404" }, failureSeconds],
];
for (const [what, fetched, seconds] of ages) {
  test(`a certificate ${what} is kept for ${seconds} s`, () => {
    const scene = new Scene();
    scene.get("a");
    scene.answer(fetched);
    scene.clock.advance(seconds * 1000 - 1);
    scene.get("a");
    assert.equal(scene.asked.length, 0);
    scene.clock.advance(1);
    scene.get("a");
    assert.equal(scene.asked.length, 1);
  });
}

test("as many URLs as the limit, and one more: the one that nobody asked for is forgotten", () => {
  const scene = new Scene();
  const keep = (url: string): void => {
    scene.get(url);
    scene.answer(fetchedGood());
  };
  for (let index = 0; index < certificateStoreLimits.entries; index++) keep(`u${index}`);
  assert.equal(scene.store.size, certificateStoreLimits.entries);
  scene.get("u0");
  keep("one more");
  assert.equal(scene.store.size, certificateStoreLimits.entries);
  scene.get("u0");
  assert.equal(scene.asked.length, 0);
  scene.get("u1");
  assert.equal(scene.asked.length, 1);
});

test("as many fetches as the limit, and one more", () => {
  const scene = new Scene();
  for (let index = 0; index <= certificateStoreLimits.fetches; index++) scene.get(`u${index}`);
  assert.equal(scene.asked.length, certificateStoreLimits.fetches);
  assert.deepEqual(scene.told, ["certificate: too many others are being fetched"]);
});

test("as many calls that wait for one as the limit, and one more", () => {
  const scene = new Scene();
  for (let index = 0; index <= certificateStoreLimits.waiting; index++) scene.get("a");
  assert.deepEqual(scene.told, ["certificate: too many calls wait for it"]);
  scene.answer(fetchedGood());
  assert.equal(scene.told.length, certificateStoreLimits.waiting + 1);
});

test("with other roots everything is judged anew, what was on its way too", () => {
  const scene = new Scene();
  scene.get("a");
  scene.store.forget();
  scene.answer(fetchedGood());
  assert.deepEqual(scene.told, ["good"]);
  scene.get("a");
  assert.equal(scene.asked.length, 1);
});
