import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumCodecs, transcodableCodecs } from "@tandem/contracts";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { box } from "./api-harness.ts";
import { type ExchangeHarness, exchangeHarness, type TestAccount } from "./exchange-harness.ts";

interface Resource {
  readonly what: string;
  readonly path: string;
  readonly caller: (harness: ExchangeHarness) => Promise<TestAccount>;
  readonly shown: (body: Record<string, unknown>) => unknown;
  readonly compiled: (harness: ExchangeHarness) => Promise<unknown>;
}

const resources: readonly Resource[] = [
  {
    what: "a trunk",
    path: "/v1/Trunks",
    caller: (harness) => harness.createAccount(),
    shown: (body) => (body["tandem"] as Record<string, unknown>)["codecs"],
    compiled: async ({ database }) => (await compileSnapshot(database, box))?.trunks[0]?.codecs,
  },
  {
    what: "a carrier",
    path: "/v1/Carriers",
    caller: (harness) => Promise.resolve(harness.operator),
    shown: (body) => body["codecs"],
    compiled: async ({ database }) => (await compileSnapshot(database, box))?.carriers[0]?.codecs,
  },
];

describeOnBothEngines("the codecs that a far side takes", (open) => {
  for (const { what, path, caller, shown, compiled } of resources) {
    test(`on ${what}: kept in order, shown, in the snapshot, noted, and removed`, async () => {
      const harness = await exchangeHarness(await open());
      const account = await caller(harness);
      const created = await harness.request(account, "POST", path, {
        FriendlyName: "East",
        Codecs: "g722, PCMU,Opus,pcmu",
      });
      assert.equal(created.status, 201, JSON.stringify(created.body));
      assert.deepEqual(shown(created.body), ["G722", "PCMU", "opus"]);
      assert.deepEqual(await compiled(harness), ["G722", "PCMU", "opus"]);
      const item = `${path}/${String(created.body["sid"])}`;

      const renamed = await harness.request(account, "POST", item, { FriendlyName: "West" });
      assert.deepEqual(shown(renamed.body), ["G722", "PCMU", "opus"]);
      const all = await harness.request(account, "POST", item, { Codecs: transcodableCodecs.join() });
      assert.deepEqual(shown(all.body), [...transcodableCodecs]);
      const log = await harness.request(account, "GET", "/v1/AuditEvents?PageSize=1000");
      const events = log.body["audit_events"] as {
        changes: { fields: { name: string; after: unknown }[] }[];
      }[];
      const noted = events.flatMap(({ changes }) => changes.flatMap(({ fields }) => fields));
      assert.deepEqual(
        noted.filter(({ name }) => name === "codecs").map(({ after }) => after),
        [["G722", "PCMU", "opus"], [...transcodableCodecs]],
      );

      const removed = await harness.request(account, "POST", item, { Codecs: "" });
      assert.equal(removed.status, 200);
      assert.deepEqual(shown(removed.body), []);
      assert.equal(await compiled(harness), undefined);
    });

    test(`on ${what}: an unknown name and one too many are refused`, async () => {
      const harness = await exchangeHarness(await open());
      const account = await caller(harness);
      const post = (Codecs: string) =>
        harness.request(account, "POST", path, { FriendlyName: "East", Codecs });
      const unknown = await post("PCMU,AMR");
      assert.deepEqual([unknown.status, unknown.body["code"]], [400, 20_001]);
      assert.match(String(unknown.body["message"]), / Codecs: AMR is none of PCMU, PCMA, /);
      const many = await post("PCMU,".repeat(maximumCodecs + 1));
      assert.deepEqual([many.status, many.body["code"]], [400, 20_001]);
      assert.match(String(many.body["message"]), / Codecs has more than 8 names\.$/);
      assert.equal((await post("PCMU,".repeat(maximumCodecs))).status, 201);
    });
  }
});
