import assert from "node:assert/strict";
import { test } from "node:test";
import { listPageOf } from "./list-page.ts";

test("a page of v1: the origin of its neighbours is left out", () => {
  const answer = {
    trunks: [{ sid: "TK1" }],
    meta: {
      previous_page_url: null,
      next_page_url: "https://control.example:8443/v1/Trunks?PageSize=1&Page=1&PageToken=PA1",
    },
  };
  assert.deepEqual(listPageOf(answer, "trunks"), {
    rows: [{ sid: "TK1" }],
    previous: undefined,
    next: "/v1/Trunks?PageSize=1&Page=1&PageToken=PA1",
  });
});

test("a page of 2010-04-01", () => {
  const answer = {
    calls: [],
    previous_page_uri: "/2010-04-01/Accounts/AC1/Calls.json?StartTime%3E=2026-01-01&PageToken=PB7",
    next_page_uri: null,
  };
  assert.deepEqual(listPageOf(answer, "calls"), {
    rows: [],
    previous: "/2010-04-01/Accounts/AC1/Calls.json?StartTime%3E=2026-01-01&PageToken=PB7",
    next: undefined,
  });
});

test("a list without pages, and an answer without the list", () => {
  assert.deepEqual(listPageOf({ gateways: [{ name: "g" }] }, "gateways"), {
    rows: [{ name: "g" }],
    previous: undefined,
    next: undefined,
  });
  assert.deepEqual(listPageOf({}, "gateways").rows, []);
});
