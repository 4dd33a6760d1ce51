import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionHeaders, conditionParts, type HeaderCondition } from "@tandem/contracts";
import { parsedRequest, request } from "@tandem/sip/testing";
import { conditionValue } from "./condition-value.ts";

type Place = readonly [header: HeaderCondition["header"], part: HeaderCondition["part"]];

const invite = parsedRequest(
  request("INVITE", {
    requestUri: "sip:%2B1555@office.pstn.tandem.test;user=phone",
    from: '"Front Desk" <sip:1001@pbx.example>',
    to: "<sip:00442079460000@office.pstn.tandem.test>",
    headerFields: [
      ["Diversion", '"First" <sip:2002@pbx.example>;reason=no-answer, <sip:3003@pbx.example>'],
      ["P-Asserted-Identity", "<tel:+15550001111;ext=7>"],
      ["Remote-Party-ID", "<mailto:me@example.com>"],
      ["P-Charge-Info", "<<<"],
    ],
  }),
);

const rows: readonly (readonly [...Place, string | undefined])[] = [
  ["request-uri", "user", "%2B1555"],
  ["request-uri", "host", "office.pstn.tandem.test"],
  ["request-uri", "uri", "sip:%2B1555@office.pstn.tandem.test;user=phone"],
  ["request-uri", "header", "sip:%2B1555@office.pstn.tandem.test;user=phone"],
  ["request-uri", "display", undefined],
  ["from", "display", "Front Desk"],
  ["from", "uri", "sip:1001@pbx.example"],
  ["from", "user", "1001"],
  ["from", "header", '"Front Desk" <sip:1001@pbx.example>;tag=alice-tag'],
  ["to", "user", "00442079460000"],
  ["to", "display", undefined],
  ["diversion", "user", "2002"],
  ["diversion", "display", "First"],
  ["diversion", "header", '"First" <sip:2002@pbx.example>;reason=no-answer'],
  ["p-asserted-identity", "user", "+15550001111"],
  ["p-asserted-identity", "uri", "tel:+15550001111;ext=7"],
  ["p-asserted-identity", "host", undefined],
  ["remote-party-id", "uri", "mailto:me@example.com"],
  ["remote-party-id", "user", undefined],
  ["p-charge-info", "header", "<<<"],
  ["p-charge-info", "user", undefined],
];

for (const [header, part, value] of rows) {
  test(`${part} of ${header} is ${value ?? "not there"}`, () => {
    assert.equal(conditionValue(invite, { header, part }), value);
  });
}

test("of a header field that is not there nothing is", () => {
  const bare = parsedRequest(request("INVITE"));
  for (const header of conditionHeaders.slice(4)) {
    for (const part of conditionParts) assert.equal(conditionValue(bare, { header, part }), undefined);
  }
});
