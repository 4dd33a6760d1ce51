import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { docsPage } from "./docs-page.ts";
import { type Reason, reasonByCode, reasons, restErrorByCode, restErrors } from "./index.ts";
import { kebabCase } from "./kebab-case.ts";

const all = Object.values<Reason>(reasons);
const allRest = Object.values(restErrors);

test("a code stands for one thing only, REST errors included", () => {
  const codes = [...all, ...allRest].map((entry) => entry.code);
  assert.deepEqual(
    codes.filter((code, index) => codes.indexOf(code) !== index),
    [],
  );
});

test("names are kebab-case, follow from the key and are unique within their catalogue", () => {
  for (const catalogue of [reasons, restErrors]) {
    const names = Object.values<{ name: string }>(catalogue).map((entry) => entry.name);
    assert.equal(new Set(names).size, names.length);
    for (const [key, entry] of Object.entries<{ name: string }>(catalogue)) {
      assert.match(entry.name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      assert.equal(entry.name, kebabCase(key));
    }
  }
  assert.equal(reasons.sourceAddressNotInAccessControlList.name, "source-address-not-in-access-control-list");
});

test("a reason has a reason phrase exactly when it has a status code", () => {
  for (const reason of all)
    assert.equal(reason.reasonPhrase !== "", reason.statusCode !== undefined, reason.name);
});

test("numbers are in range and phrases may stand on the wire", () => {
  for (const reason of all) {
    assert.ok(
      reason.statusCode === undefined || (reason.statusCode >= 400 && reason.statusCode <= 699),
      reason.name,
    );
    assert.ok(
      reason.q850Cause === undefined || (reason.q850Cause >= 1 && reason.q850Cause <= 127),
      reason.name,
    );
    assert.match(reason.reasonPhrase, /^[\x20-\x7e]*$/, reason.name);
  }
  for (const error of allRest) assert.ok(error.httpStatus >= 400 && error.httpStatus <= 599, error.name);
});

test("texts are whole sentences and fit a table cell", () => {
  for (const entry of [...all, ...allRest]) {
    assert.match(entry.text, /^[^\n|]{10,}\.$/, entry.name);
  }
});

test("own numbers lie in their own ranges", () => {
  for (const reason of all) assert.ok(reason.code < 90_000 || (reason.code > 90_000 && reason.code < 91_000));
  for (const error of allRest) assert.ok(error.code < 90_000 || (error.code > 91_000 && error.code < 92_000));
});

test("look-up by code", () => {
  assert.equal(reasonByCode(32201), reasons.sourceAddressNotInAccessControlList);
  assert.equal(reasonByCode(20404), undefined);
  assert.equal(restErrorByCode(20404), restErrors.notFound);
  assert.equal(restErrorByCode(32201), undefined);
});

test("entries can not be changed", () => {
  assert.ok(Object.isFrozen(reasons) && all.every((reason) => Object.isFrozen(reason)));
  assert.ok(Object.isFrozen(restErrors) && allRest.every((error) => Object.isFrozen(error)));
});

test("docs/reasons.md says what the catalogue says", () => {
  const file = new URL("../../../docs/reasons.md", import.meta.url);
  assert.equal(
    readFileSync(file, "utf8"),
    docsPage(),
    "run: node packages/reasons/src/write-docs.ts --write",
  );
});

test("the docs page has one row for each entry", () => {
  const rows = docsPage()
    .split("\n")
    .filter((line) => /^\| \d/.test(line))
    .map((line) => Number(line.split(" ")[1]));
  const codes = [...all, ...allRest].map((entry) => entry.code);
  assert.deepEqual(
    rows.toSorted((a, b) => a - b),
    codes.toSorted((a, b) => a - b),
  );
});

test("the reference's numbers and answers are kept", () => {
  const rows = (
    [
      "callsPerSecondExceeded",
      "concurrencyExceeded",
      "accountInactive",
      "sourceAddressNotInAccessControlList",
      "wrongCredentials",
      "invalidPhoneNumber",
      "tooManyHops",
      "secureMediaRefused",
      "originationAttemptFailed",
      "noAckReceived",
      "maximumDurationReached",
    ] as const
  ).map((key) => [reasons[key].code, reasons[key].statusCode, reasons[key].reasonPhrase, reasons[key].level]);
  assert.deepEqual(rows, [
    [32001, 503, "Trunk CPS limit exceeded", "error"],
    [10004, 503, "Trunk concurrent call limit exceeded", "error"],
    [10001, 603, "Decline", "error"],
    [32201, 403, "Source Address Not In Access Control List", "error"],
    [32202, 403, "Invalid credentials", "error"],
    [32101, 400, "Invalid phone number", "warning"],
    [32006, 483, "Too Many Hops", "warning"],
    [32207, 488, "Secure Media Not Enabled", "error"],
    [32011, undefined, "", "warning"],
    [32022, undefined, "", "error"],
    [32015, undefined, "", "warning"],
  ]);
});
