import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, request } from "@tandem/sip/testing";
import { divertingNumbersOf } from "./diverting-numbers.ts";

type Fields = readonly (readonly [name: string, value: string])[];

const rows: readonly (readonly [rule: string, fields: Fields, numbers: readonly string[]])[] = [
  ["nobody", [], []],
  [
    "the latest stands first",
    [["Diversion", "<sip:+15550001111@a>, <sip:+15550002222@b>"]],
    ["+15550001111", "+15550002222"],
  ],
  [
    "in one field or in several",
    [
      ["Diversion", "<sip:+15550001111@a>;reason=no-answer"],
      ["Diversion", "<tel:+1-555-000-2222>;counter=1"],
    ],
    ["+15550001111", "+15550002222"],
  ],
  ["what can not be read names nobody", [["Diversion", "<sip:+1555"]], []],
  ["an extension before it", [["Diversion", "<sip:200@a>, <sip:+15550001111@a>"]], ["+15550001111"]],
  [
    "a local number is none",
    [["Diversion", "<tel:+15550001111;phone-context=+1>, <tel:0199;phone-context=+1>"]],
    ["+15550001111"],
  ],
  ["History-Info of the call itself", [["History-Info", "<sip:+15550001111@a>;index=1"]], []],
  [
    "History-Info but for its last entry",
    [
      [
        "History-Info",
        "<sip:+15550001111@a?Reason=SIP%3Bcause%3D302>;index=1, <sip:+15557654321@b>;index=1.1",
      ],
    ],
    ["+15550001111"],
  ],
  [
    "both, Diversion first",
    [
      ["History-Info", "<sip:+15550001111@a>;index=1, <sip:+15557654321@b>;index=1.1"],
      ["Diversion", "<sip:+15550002222@b>"],
    ],
    ["+15550002222", "+15550001111"],
  ],
];

for (const [rule, headerFields, numbers] of rows) {
  test(`numbers that sent a call on: ${rule}`, () => {
    assert.deepEqual(divertingNumbersOf(parsedRequest(request("INVITE", { headerFields }))), numbers);
  });
}
