import assert from "node:assert/strict";
import { test } from "node:test";
import { transcodableCodecs } from "@tandem/contracts";
import { transcodableEncodings } from "@tandem/media";
import { originationCallOnTrunk } from "../testing/call-of.ts";
import { exampleCarrier, exampleTrunk } from "../testing/example-snapshot.ts";
import { acceptedCodecs } from "./accepted-codecs.ts";

test("a carrier's list counts for its gateways, a trunk's for its origination URLs; an empty one is none", () => {
  const call = originationCallOnTrunk({ snapshot: { trunks: [exampleTrunk({ codecs: ["G722"] })] } });
  assert.deepEqual(acceptedCodecs(call, { carrier: undefined }), ["G722"]);
  assert.deepEqual(acceptedCodecs(call, { carrier: exampleCarrier({ codecs: ["PCMU"] }) }), ["PCMU"]);
  assert.equal(acceptedCodecs(call, { carrier: exampleCarrier({ codecs: [] }) }), undefined);
  assert.equal(acceptedCodecs(call, { carrier: exampleCarrier() }), undefined);
});

test("what control lets be configured is what the engine transcodes", () => {
  assert.deepEqual([...transcodableCodecs], [...transcodableEncodings]);
});
