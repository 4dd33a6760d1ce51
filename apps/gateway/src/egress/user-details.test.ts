import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderFields } from "@tandem/sip/message";
import { parsedRequest, request } from "@tandem/sip/testing";
import { restrictUserDetails } from "./user-details.ts";

const details = ["Subject", "Call-Info", "Organization", "Reply-To", "In-Reply-To"];

function kept(...fields: readonly (readonly [string, string])[]): readonly string[] {
  const headerFields = new HeaderFields();
  for (const name of ["X-Other", ...details]) headerFields.append(name, "x");
  restrictUserDetails(parsedRequest(request("INVITE", { headerFields: fields })), headerFields);
  return headerFields.rows().map(({ name }) => name);
}

test("privacy of the user leaves nothing that tells who calls (RFC 3323 §5.3)", () => {
  for (const privacy of ["user", "id;User;critical", "user;;"]) {
    assert.deepEqual(kept(["Privacy", privacy]), ["X-Other"], privacy);
  }
  assert.deepEqual(kept(["Privacy", "id"], ["Privacy", "user"]), ["X-Other"]);
});

test("privacy of what is asserted, of the history or of nothing is not about it", () => {
  for (const privacy of ["id", "history", "session", "none"]) {
    assert.deepEqual(kept(["Privacy", privacy]), ["X-Other", ...details], privacy);
  }
  assert.deepEqual(kept(), ["X-Other", ...details]);
});
