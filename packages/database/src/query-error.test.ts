import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isCheckViolation,
  isDataFault,
  isForeignKeyViolation,
  isUniqueViolation,
  QueryError,
} from "./query-error.ts";

function fault(code: string, constraint?: string): QueryError {
  return new QueryError({ message: "m", code, constraint });
}

test("violations are known by their SQLSTATE and, if one is named, by their constraint", () => {
  const table: [is: (error: unknown, constraint?: string) => boolean, codes: string[]][] = [
    [isUniqueViolation, ["23505"]],
    [isForeignKeyViolation, ["23503", "23001"]],
    [isCheckViolation, ["23514"]],
  ];
  for (const [is, codes] of table) {
    for (const code of ["23505", "23503", "23001", "23514", "22P02", "08000"]) {
      const isMeant = codes.includes(code);
      assert.equal(is(fault(code, "c")), isMeant, `${is.name} ${code}`);
      assert.equal(is(fault(code, "c"), "c"), isMeant, `${is.name} ${code} of c`);
      assert.equal(is(fault(code, "c"), "d"), false, `${is.name} ${code} of d`);
      assert.equal(is(fault(code), "c"), false, `${is.name} ${code} of none`);
    }
    assert.equal(is(Object.assign(new Error("m"), { code: codes[0] })), false, "an error of another kind");
  }
});

test("values are at fault in classes 22, 23 and 54, and in no other", () => {
  for (const code of ["22P05", "23514", "54000"]) assert.equal(isDataFault(fault(code)), true, code);
  for (const code of ["08006", "40001", "42601", "53300", "57P01", "12200"])
    assert.equal(isDataFault(fault(code)), false, code);
  assert.equal(isDataFault(new Error("23514")), false);
});

test("what an engine threw keeps its fields; codes that are no SQLSTATE mean a lost connection", () => {
  const thrown = { message: "m", code: "23505", constraint: "c", table: "t", detail: "d" };
  const { message, code, constraint, table, detail, cause } = QueryError.from(thrown);
  assert.deepEqual({ message, code, constraint, table, detail }, thrown);
  assert.equal(cause, thrown);
  for (const other of ["ECONNREFUSED", "EPIPE", "ECONNRESET", "", undefined, 23_505, "2350"])
    assert.equal(QueryError.from({ message: "m", code: other }).code, "08000", String(other));
  assert.deepEqual(
    [QueryError.from("text").message, QueryError.from(undefined).message],
    ["text", "undefined"],
  );
  const known = fault("22000");
  assert.equal(QueryError.from(known), known);
});
