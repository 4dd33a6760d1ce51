import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotAccount, SnapshotTrunk } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import {
  type CallParts,
  originationCallOnTrunk,
  stageServices,
  terminationCall,
} from "../testing/call-of.ts";
import { exampleTrunk } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { limits } from "./limits.ts";

const trunk = (changes: Partial<SnapshotTrunk>): CallParts => ({
  snapshot: { trunks: [exampleTrunk(changes)] },
});

test("a trunk without limits has none", () => {
  const services = stageServices();
  for (let index = 0; index < 100; index += 1) services.limits.begin("TK1");
  for (let index = 0; index < 100; index += 1) assertPasses(limits(terminationCall(), services));
});

test("calls at a time: the last one passes, one more is refused, without Retry-After", () => {
  const services = stageServices();
  const call = terminationCall(trunk({ concurrentCalls: 2 }));
  services.limits.begin("TK1");
  assertPasses(limits(call, services));
  services.limits.begin("TK1");
  const refused = assertRefused(limits(call, services), reasons.concurrencyExceeded, "2 calls are up on TK1");
  assert.equal(refused.reason.statusCode, 503);
  assert.equal(refused.headerFields, undefined);
  services.limits.end("TK1");
  assertPasses(limits(call, services));
});

test("they count in both directions", () => {
  const services = stageServices();
  services.limits.begin("TK1");
  const call = originationCallOnTrunk(trunk({ concurrentCalls: 1 }));
  assertRefused(limits(call, services), reasons.concurrencyExceeded);
});

test("calls per second: as many as the limit, one more is refused, without Retry-After", () => {
  const services = stageServices();
  const call = terminationCall(trunk({ callsPerSecond: 2 }));
  assertPasses(limits(call, services));
  assertPasses(limits(call, services));
  const refused = assertRefused(limits(call, services), reasons.callsPerSecondExceeded);
  assert.equal(refused.text, "more than 2 calls per second");
  assert.equal(refused.reason.statusCode, 503);
  assert.equal(refused.headerFields, undefined);
  services.clock.advance(500);
  assertPasses(limits(call, services));
  assertRefused(limits(call, services), reasons.callsPerSecondExceeded);
});

test("a call that is one too many takes no token", () => {
  const services = stageServices();
  const call = terminationCall(trunk({ concurrentCalls: 1, callsPerSecond: 1 }));
  services.limits.begin("TK1");
  assertRefused(limits(call, services), reasons.concurrencyExceeded);
  services.limits.end("TK1");
  assertPasses(limits(call, services));
});

test("calls per second do not limit what a carrier brings", () => {
  const services = stageServices();
  const call = originationCallOnTrunk(trunk({ callsPerSecond: 1 }));
  for (let index = 0; index < 5; index += 1) assertPasses(limits(call, services), "within the limits");
});

test("an emergency call passes both and takes nothing", () => {
  const services = stageServices();
  const emergency = terminationCall(trunk({ concurrentCalls: 1, callsPerSecond: 1 }));
  emergency.isEmergency = true;
  services.limits.begin("TK1");
  assertPasses(limits(emergency, services), "an emergency call is not limited");
  services.limits.end("TK1");
  assertPasses(limits(terminationCall(trunk({ callsPerSecond: 1 })), services));
});

test("a dry run asks and takes nothing", () => {
  const services = stageServices();
  const limited = trunk({ callsPerSecond: 1 });
  const dry = terminationCall({ ...limited, isDryRun: true });
  assertPasses(limits(dry, services));
  assertPasses(limits(dry, services));
  assertPasses(limits(terminationCall(limited), services));
  assertRefused(limits(dry, services), reasons.callsPerSecondExceeded);
});

function pooled(account: Partial<SnapshotAccount>, parent: Partial<SnapshotAccount> = {}): CallParts {
  const common = { status: "active", compatibility: "tandem" } as const;
  return {
    snapshot: {
      accounts: [
        { sid: "AC1", ...common, ...account },
        { sid: "AC-parent", ...common, ...parent },
      ],
      trunks: [exampleTrunk({ callsPerSecond: 2 })],
    },
  };
}

for (const [what, parts, sid] of [
  ["its account", pooled({ callsPerSecond: 1 }), "AC1"],
  ["the account's parent", pooled({ parentSid: "AC-parent" }, { callsPerSecond: 1 }), "AC-parent"],
] as const) {
  test(`a trunk within its calls per second may be above those of ${what}, which is another reason`, () => {
    const services = stageServices();
    const call = terminationCall(parts);
    assertPasses(limits(call, services));
    const refused = assertRefused(limits(call, services), reasons.pooledCallsPerSecondExceeded);
    assert.equal(refused.text, `more than 1 calls per second on all trunks of ${sid}`);
    assert.deepEqual(
      [refused.reason.code, refused.reason.statusCode, refused.headerFields],
      [32012, 503, undefined],
    );
    services.clock.advance(1000);
    assertPasses(limits(call, services));
  });
}

test("the trunk's limit comes first, and a call that is refused takes nothing from anybody", () => {
  const services = stageServices();
  const call = terminationCall(pooled({ callsPerSecond: 3 }));
  assertPasses(limits(call, services));
  assertPasses(limits(call, services));
  assertRefused(limits(call, services), reasons.callsPerSecondExceeded);
  assert.equal(services.limits.mayTake("AC1", 3), true);
  services.limits.take("AC1", 3);
  services.clock.advance(250);
  assertRefused(limits(call, services), reasons.callsPerSecondExceeded);
  services.clock.advance(250);
  assertPasses(limits(call, services));
});

test("a pool that is empty leaves the trunk its tokens", () => {
  const services = stageServices();
  const call = terminationCall(pooled({ callsPerSecond: 1 }));
  services.limits.take("AC1", 1);
  assertRefused(limits(call, services), reasons.pooledCallsPerSecondExceeded);
  assert.deepEqual([services.limits.take("TK1", 2), services.limits.take("TK1", 2)], [true, true]);
});

test("a parent that the snapshot does not have limits nothing, and neither does a pool what a carrier brings", () => {
  const services = stageServices();
  assertPasses(limits(terminationCall(pooled({ parentSid: "AC-gone" })), services));
  const call = originationCallOnTrunk(pooled({ callsPerSecond: 1 }));
  for (let index = 0; index < 5; index += 1) assertPasses(limits(call, services), "within the limits");
});
