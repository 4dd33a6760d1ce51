import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderFields } from "@tandem/sip/message";
import { parsedRequest, request } from "@tandem/sip/testing";
import { restrictHistory } from "./history-info.ts";

const open = "<sip:+15550000001@a.example>;index=1";
const secret = "<sip:+15550000002@a.example?Reason=SIP%3Bcause%3D302&Privacy=history>;index=1.1";

function seen(...fields: readonly (readonly [string, string])[]): readonly string[] {
  const headerFields = new HeaderFields().append("History-Info", "as copied");
  restrictHistory(parsedRequest(request("INVITE", { headerFields: fields })), headerFields);
  return headerFields.values("History-Info");
}

test("a customer sees the entries that nobody hides (RFC 7044 §10.1.2)", () => {
  assert.deepEqual(seen(["History-Info", `${open}, ${secret}`]), [open]);
  const alsoSecret = secret.replace("Privacy=history", "Privacy=id%3Bhistory");
  assert.deepEqual(seen(["History-Info", `${open}, ${alsoSecret}`]), [open]);
  assert.deepEqual(seen(["History-Info", open], ["Privacy", "id"]), [open]);
  assert.deepEqual(seen(["History-Info", open], ["Privacy", "none"]), [open]);
});

test("privacy may stand in a second row", () => {
  assert.deepEqual(seen(["History-Info", open], ["Privacy", "id"], ["Privacy", "history"]), []);
});

test("with privacy for the history, the header fields or the session it sees none", () => {
  for (const level of ["history", "header", "session", "id;HISTORY", '"unreadable']) {
    assert.deepEqual(seen(["History-Info", open], ["Privacy", level]), [], level);
  }
});

test("without History-Info there is nothing to do", () => {
  assert.deepEqual(seen(["Privacy", "history"]), ["as copied"]);
});
