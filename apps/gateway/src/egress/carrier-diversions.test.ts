import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, request } from "@tandem/sip/testing";
import { visibleDiversions } from "./carrier-diversions.ts";

const open = "<sip:+15550000001@a.example>;reason=user-busy;privacy=off";
const plain = "<sip:+15550000002@a.example>;counter=2";

function seen(...fields: readonly (readonly [string, string])[]): readonly string[] {
  return visibleDiversions(parsedRequest(request("INVITE", { headerFields: fields })));
}

test("a customer sees the diversions that nobody hides, in their order", () => {
  assert.deepEqual(seen(["Diversion", `${open}, ${plain}`]), [open, plain]);
  for (const privacy of ["full", "FULL", '"full"', "uri", "name"]) {
    const secret = `"Zoe" <sip:+15550000003@a.example>;privacy=${privacy}`;
    assert.deepEqual(seen(["Diversion", open], ["Diversion", `${secret}, ${plain}`]), [open, plain], privacy);
  }
});

test("one that can't be read is none", () => {
  assert.deepEqual(seen(["Diversion", "<sip:+1555"], ["Diversion", plain]), [plain]);
});

test("whoever hides the history of a call hides this part of it", () => {
  for (const level of ["history", "header", "session", '"unreadable']) {
    assert.deepEqual(seen(["Diversion", open], ["Privacy", level]), [], level);
  }
  assert.deepEqual(seen(["Diversion", open], ["Privacy", "id"]), [open]);
});

test("without Diversion there is nothing to see", () => {
  assert.deepEqual(seen(), []);
});
