import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, type RequestParts, request } from "../testing/index.ts";
import { asksForSips } from "./secure-contact.ts";

const sips = "<sips:proxy.example.com;lr>";
const sip = "<sip:proxy.example.com;lr>";

const table: readonly (readonly [rule: string, parts: RequestParts, expected: boolean])[] = [
  ["SIP everywhere", {}, false],
  ["a SIPS Request-URI", { requestUri: "sips:bob@198.51.100.1" }, true],
  ["in any case", { requestUri: "SIPS:bob@198.51.100.1" }, true],
  ["a SIPS Contact", { contact: "<sips:alice@192.0.2.1>" }, true],
  ["a SIPS Record-Route on top", { headerFields: [["Record-Route", `${sips}, ${sip}`]] }, true],
  ["a SIPS Record-Route further down", { headerFields: [["Record-Route", `${sip}, ${sips}`]] }, false],
  [
    "a SIPS Contact behind a Record-Route",
    { contact: "<sips:alice@192.0.2.1>", headerFields: [["Record-Route", sip]] },
    false,
  ],
  ["no Contact", { contact: "" }, false],
  ["a star as Contact", { contact: "*" }, false],
  ["a Record-Route that can't be read", { headerFields: [["Record-Route", "<sips:"]] }, false],
];

for (const [rule, parts, expected] of table) {
  test(`a SIPS Contact is asked for (RFC 3261 §12.1.1): ${rule}`, () => {
    assert.equal(asksForSips(parsedRequest(request("INVITE", parts))), expected);
  });
}
