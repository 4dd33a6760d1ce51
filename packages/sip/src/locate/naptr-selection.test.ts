import assert from "node:assert/strict";
import { test } from "node:test";
import { selectServices } from "./naptr-selection.ts";
import type { NaptrRecord } from "./resolver.ts";

function naptr(
  order: number,
  preference: number,
  services: string,
  fields: Partial<NaptrRecord> = {},
): NaptrRecord {
  return { order, preference, flags: "s", services, regexp: "", replacement: `${services}.test`, ...fields };
}

function names(records: readonly NaptrRecord[], served: ("UDP" | "TCP" | "TLS")[], isSecure = false): string {
  return selectServices(records, served, isSecure)
    .map(({ protocol, srvName }) => `${protocol}=${srvName}`)
    .join(" ");
}

const all: ("UDP" | "TCP" | "TLS")[] = ["UDP", "TCP", "TLS"];

test("services stand for transports, by preference within an order", () => {
  const records = [naptr(1, 30, "SIP+D2U"), naptr(1, 10, "SIPS+D2T"), naptr(1, 20, "SIP+D2T")];
  assert.equal(names(records, all), "TLS=SIPS+D2T.test TCP=SIP+D2T.test UDP=SIP+D2U.test");
});

test("a higher order is not considered once a lower one has a service we speak (RFC 3403 §4.1)", () => {
  const records = [naptr(20, 1, "SIP+D2U"), naptr(10, 9, "SIP+D2T"), naptr(5, 1, "SIP+D2S")];
  assert.equal(names(records, all), "TCP=SIP+D2T.test");
  assert.equal(names(records, ["UDP"]), "UDP=SIP+D2U.test");
});

test("a SIPS URI takes SIPS services only (RFC 3263 §4.1)", () => {
  const records = [naptr(1, 1, "SIP+D2T"), naptr(2, 1, "SIPS+D2T")];
  assert.equal(names(records, all, true), "TLS=SIPS+D2T.test");
  assert.equal(names([naptr(1, 1, "SIP+D2T")], all, true), "");
});

const useless: [why: string, NaptrRecord][] = [
  ["another service", naptr(1, 1, "E2U+sip")],
  ["flag u", naptr(1, 1, "SIP+D2U", { flags: "u" })],
  ["no flag", naptr(1, 1, "SIP+D2U", { flags: "" })],
  ["a regexp", naptr(1, 1, "SIP+D2U", { regexp: "!.*!sip:a@b!" })],
  ["no replacement", naptr(1, 1, "SIP+D2U", { replacement: "" })],
  ["the root as replacement", naptr(1, 1, "SIP+D2U", { replacement: "." })],
];
for (const [why, record] of useless) {
  test(`a record with ${why} is passed over`, () => assert.equal(names([record], all), ""));
}

test("flags and services are without case", () => {
  assert.equal(names([naptr(1, 1, "sips+d2t", { flags: "S" })], all), "TLS=sips+d2t.test");
});
