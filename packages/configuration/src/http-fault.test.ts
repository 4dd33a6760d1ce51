import assert from "node:assert/strict";
import { test } from "node:test";
import { httpFault } from "./http-fault.ts";

test("http and https and nothing else", () => {
  for (const url of ["http://127.0.0.1:8080", "https://control.example.com/api"]) {
    assert.equal(httpFault("/control/url", url), undefined);
  }
  for (const url of ["ws://127.0.0.1", "127.0.0.1:8080", "", "https"]) {
    assert.equal(httpFault("/control/url", url), `/control/url: ${url} is no http or https URL`);
  }
});
