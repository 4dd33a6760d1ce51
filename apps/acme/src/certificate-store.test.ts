import assert from "node:assert/strict";
import { lstatSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { CertificateStore, keptVersions } from "./certificate-store.ts";

function scene(context: TestContext): { directory: string; store: CertificateStore } {
  const directory = mkdtempSync(join(tmpdir(), "certificate-store-"));
  context.after(() => rmSync(directory, { recursive: true }));
  return { directory, store: new CertificateStore(directory) };
}

const pairOf = (text: string) => ({ certificate: `certificate ${text}`, key: `key ${text}` });

test("what was written last is read, and only its owner can", async (context) => {
  const { directory, store } = scene(context);
  assert.equal(await store.read("edge"), undefined);
  await store.write("edge", pairOf("1"), 1000);
  await store.write("edge", pairOf("2"), 2000);
  await store.write("other", pairOf("3"), 3000);
  assert.deepEqual(await store.read("edge"), pairOf("2"));
  assert.deepEqual(await store.read("other"), pairOf("3"));
  assert.equal(lstatSync(join(directory, "edge")).isSymbolicLink(), true, "both files change in one step");
  for (const file of ["key.pem", "certificate.pem"]) {
    assert.equal(statSync(join(directory, "edge", file)).mode & 0o777, 0o600);
  }
  assert.equal(statSync(join(directory, "edge")).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(directory).sort(), ["edge", "other", "versions"]);
});

test("as many versions as the limit are kept, the oldest go", async (context) => {
  const { directory, store } = scene(context);
  const counts: number[] = [];
  for (let version = 1; version <= keptVersions + 2; version += 1) {
    await store.write("edge", pairOf(String(version)), version * 1000);
    counts.push(readdirSync(join(directory, "versions")).length);
  }
  assert.deepEqual(counts, [1, 2, 3, 3, 3]);
  assert.deepEqual(await store.read("edge"), pairOf("5"));
});

test("a clock that was set back does not cost the version in use", async (context) => {
  const { store } = scene(context);
  for (const nowMs of [5000, 4000, 3000, 2000, 1000]) {
    await store.write("edge", pairOf(String(nowMs)), nowMs);
    assert.deepEqual(await store.read("edge"), pairOf(String(nowMs)));
  }
});
