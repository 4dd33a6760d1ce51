import assert from "node:assert/strict";
import { test } from "node:test";
import {
  canonicalName,
  headerField,
  headerFieldId,
  masked,
  nameOfId,
  readName,
  unknownHeaderField,
} from "./header-field-name.ts";

const ids: readonly (readonly [key: keyof typeof headerField, name: string])[] = [
  ["via", "Via"],
  ["from", "From"],
  ["to", "To"],
  ["callId", "Call-ID"],
  ["cseq", "CSeq"],
  ["maxForwards", "Max-Forwards"],
  ["contentLength", "Content-Length"],
  ["contentType", "Content-Type"],
  ["expires", "Expires"],
  ["minExpires", "Min-Expires"],
  ["sessionExpires", "Session-Expires"],
  ["minSe", "Min-SE"],
  ["date", "Date"],
  ["retryAfter", "Retry-After"],
  ["contentEncoding", "Content-Encoding"],
  ["subject", "Subject"],
  ["contact", "Contact"],
  ["route", "Route"],
  ["recordRoute", "Record-Route"],
  ["require", "Require"],
  ["proxyRequire", "Proxy-Require"],
  ["supported", "Supported"],
  ["referTo", "Refer-To"],
  ["timestamp", "Timestamp"],
];

test("every masked header field has its name, and a bit that fits", () => {
  assert.equal(ids.length, masked);
  assert.deepEqual(ids.map(([key]) => key).toSorted(), Object.keys(headerField).toSorted());
  for (const [key, name] of ids) {
    assert.equal(nameOfId(headerField[key]), name);
    assert.equal(headerFieldId(name), headerField[key]);
    assert.ok(headerField[key] < 31);
  }
});

const compact: readonly (readonly [letter: string, name: string])[] = [
  ["a", "Accept-Contact"],
  ["b", "Referred-By"],
  ["c", "Content-Type"],
  ["d", "Request-Disposition"],
  ["e", "Content-Encoding"],
  ["f", "From"],
  ["i", "Call-ID"],
  ["j", "Reject-Contact"],
  ["k", "Supported"],
  ["l", "Content-Length"],
  ["m", "Contact"],
  ["n", "Identity-Info"],
  ["o", "Event"],
  ["r", "Refer-To"],
  ["s", "Subject"],
  ["t", "To"],
  ["u", "Allow-Events"],
  ["v", "Via"],
  ["x", "Session-Expires"],
  ["y", "Identity"],
];

test("compact forms, in both cases, mean their long forms; the other letters mean nothing", () => {
  const known = new Map(compact);
  for (const letter of "abcdefghijklmnopqrstuvwxyz") {
    const name = known.get(letter);
    assert.equal(canonicalName(letter), name ?? letter);
    assert.equal(canonicalName(letter.toUpperCase()), name ?? letter.toUpperCase());
  }
});

test("names are found in any case", () => {
  for (const name of ["p-asserted-identity", "P-ASSERTED-IDENTITY", "p-AsSeRtEd-IdEnTiTy"]) {
    assert.equal(canonicalName(name), "P-Asserted-Identity");
  }
  assert.equal(canonicalName("cAlL-iD"), "Call-ID");
  assert.equal(canonicalName("www-authenticate"), "WWW-Authenticate");
});

test("what only looks like a known name is unknown and stays as written", () => {
  for (const name of [
    "Vi",
    "Viaa",
    "Via1",
    "Call_ID",
    "CallID",
    "Content-Lengt",
    "X-Custom",
    "To ",
    "",
    "Fr\x4fm\x00",
    "mm",
  ]) {
    assert.equal(headerFieldId(name), unknownHeaderField, name);
    assert.equal(canonicalName(name), name);
  }
});

test("reading a name stops where the token stops", () => {
  assert.equal(readName("Via: x", 0), 3 * 256 + headerField.via);
  assert.equal(readName("..vx: x", 2), 4 * 256 + unknownHeaderField);
  assert.equal(readName("; v : x", 2), 3 * 256 + headerField.via);
  assert.equal(readName(": x", 0), unknownHeaderField);
  assert.equal(readName("To", 0), 2 * 256 + headerField.to);
});
