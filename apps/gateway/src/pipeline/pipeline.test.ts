import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { originationCall, stageServices, terminationCall } from "../testing/call-of.ts";
import { exampleTrunk, trunkHost } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import {
  backbone,
  type NamedStage,
  origination,
  runPipeline,
  type StageResult,
  termination,
  transfer,
} from "./pipeline.ts";

const page = readFileSync(new URL("../../../../docs/life-of-a-call.md", import.meta.url), "utf8");

/** Stage names of a table in docs/life-of-a-call.md, in order. */
function documented(table: string): string[] {
  const block = page.split(`<!-- ${table}:begin -->`)[1]?.split(`<!-- ${table}:end -->`)[0] ?? "";
  const rows = block.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.split("|")[1]?.trim() ?? "");
}

for (const [name, stages] of Object.entries({ termination, origination, backbone, transfer })) {
  test(`${name} runs the stages of docs/life-of-a-call.md, in that order`, () => {
    assert.deepEqual(
      stages.map((stage: NamedStage) => stage.name),
      documented(name),
    );
  });
}

test("each stage is the function of the file that has its name", async () => {
  for (const { name, run } of new Set([...termination, ...origination, ...backbone, ...transfer])) {
    const functionName = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    assert.equal(run.name, functionName);
    const file = (await import(`./${name}.ts`)) as Record<string, unknown>;
    assert.equal(file[functionName], run);
  }
});

test("a customer's call passes all stages and has candidates", () => {
  const results: StageResult[] = [];
  const call = terminationCall();
  assertPasses(runPipeline(call, stageServices(), (result) => results.push(result)));
  assert.deepEqual(
    results.map((result) => result.name),
    termination.map((stage) => stage.name),
  );
  assert.equal(call.candidates.length, 1);
  assert.deepEqual([call.callingNumber, call.calledNumber], ["+15550001111", "+15557654321"]);
});

test("a carrier's call passes all stages and has candidates", () => {
  const results: StageResult[] = [];
  const call = originationCall();
  assertPasses(runPipeline(call, stageServices(), (result) => results.push(result)));
  assert.deepEqual(
    results.map((result) => result.name),
    origination.map((stage) => stage.name),
  );
  assert.equal(call.candidates.length, 1);
});

test("the first refusal ends the list", () => {
  const results: StageResult[] = [];
  const call = terminationCall({ requestUri: `sip:nobody@${trunkHost}`, from: "<sip:nobody@a>" });
  const verdict = runPipeline(call, stageServices(), (result) => results.push(result));
  assertRefused(verdict, reasons.invalidPhoneNumber);
  assert.equal(results.at(-1)?.name, "number-translation");
  assert.equal(results.at(-1)?.verdict, verdict);
});

test("who is refused takes no token: limits come after everything that refuses for good", () => {
  const services = stageServices();
  const snapshot = { trunks: [exampleTrunk({ callsPerSecond: 1 })] };
  assertRefused(
    runPipeline(terminationCall({ snapshot, from: "<sip:x@a>" }), services),
    reasons.invalidCallerId,
  );
  assertPasses(runPipeline(terminationCall({ snapshot }), services));
  assertRefused(runPipeline(terminationCall({ snapshot }), services), reasons.callsPerSecondExceeded);
});

test("an emergency call is recognised before the limits", () => {
  const services = stageServices();
  const snapshot = { trunks: [exampleTrunk({ callsPerSecond: 1 })] };
  const parts = { snapshot, requestUri: `sip:911@${trunkHost}` };
  assertPasses(runPipeline(terminationCall(parts), services));
  assertPasses(runPipeline(terminationCall(parts), services));
  assertPasses(runPipeline(terminationCall({ snapshot }), services));
});
