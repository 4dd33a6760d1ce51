import assert from "node:assert/strict";
import { test } from "node:test";
import { headerFieldId, unknownHeaderField } from "./header-field-name.ts";
import { HeaderFields } from "./header-fields.ts";

function written(fields: HeaderFields): string {
  return fields
    .rows()
    .map(({ name, value }) => `${name}=${value}`)
    .join(" ");
}

function some(): HeaderFields {
  return new HeaderFields([
    { name: "v", value: "1" },
    { name: "X-a", value: "2" },
    { name: "VIA", value: "3" },
    { name: "To", value: "4" },
  ]);
}

test("known names are kept in their long form, unknown ones as written", () => {
  assert.equal(written(some()), "Via=1 X-a=2 Via=3 To=4");
});

test("append goes to the end, prepend to the front", () => {
  assert.equal(
    written(some().append("b", "5").prepend("v", "0")),
    "Via=0 Via=1 X-a=2 Via=3 To=4 Referred-By=5",
  );
});

test("set takes the place of the first and removes the others", () => {
  assert.equal(written(some().set("via", "9")), "Via=9 X-a=2 To=4");
  assert.equal(written(some().set("x-A", "9")), "Via=1 X-a=9 Via=3 To=4");
  assert.equal(written(some().set("Contact", "9")), "Via=1 X-a=2 Via=3 To=4 Contact=9");
});

test("delete removes all of that name, next to each other or not", () => {
  assert.equal(written(some().delete("Via")), "X-a=2 To=4");
  assert.equal(written(some().append("t", "5").delete("to")), "Via=1 X-a=2 Via=3");
  assert.equal(written(some().delete("Contact")), "Via=1 X-a=2 Via=3 To=4");
});

test("retain removes all but the rows of some names and keeps their order", () => {
  assert.equal(written(some().retain(["To", "Via"])), "Via=1 Via=3 To=4");
  assert.equal(written(some().retain(["X-a"])), "X-a=2");
  assert.equal(some().retain(["Contact"]).count, 0);
});

test("value, values and has find names without case", () => {
  const fields = some();
  assert.equal(fields.value("via"), "1");
  assert.deepEqual(fields.values("v"), ["1", "3"]);
  assert.equal(fields.value("X-A"), "2");
  assert.equal(fields.value("X-B"), undefined);
  assert.deepEqual(fields.values("X-B"), []);
  assert.ok(fields.has("t"));
  assert.ok(!fields.has("From"));
});

test("rows by number", () => {
  const fields = some();
  assert.equal(fields.count, 4);
  assert.equal(fields.nameAt(3), "To");
  assert.equal(fields.valueAt(3), "4");
  assert.equal(fields.nameAt(4), "");
  assert.equal(fields.valueAt(4), "");
});

test("a clone lives on its own", () => {
  const fields = some();
  const copy = fields.clone();
  copy.set("To", "9").delete("Via");
  fields.append("From", "5");
  assert.equal(written(copy), "X-a=2 To=9");
  assert.equal(written(fields), "Via=1 X-a=2 Via=3 To=4 From=5");
});

test("appendAll adds the rows of another behind one's own", () => {
  const fields = some().appendAll(new HeaderFields().append("x-b", "5").append("f", "6"));
  assert.equal(written(fields), "Via=1 X-a=2 Via=3 To=4 x-b=5 From=6");
  assert.equal(fields.value("From"), "6");
  assert.equal(fields.value("X-B"), "5");
});

test("appendWithId takes the name only where there is no id", () => {
  const fields = new HeaderFields()
    .appendWithId(headerFieldId("Contact"), "ignored", "1")
    .appendWithId(unknownHeaderField, "x-Own", "2");
  assert.equal(written(fields), "Contact=1 x-Own=2");
  assert.equal(fields.value("m"), "1");
  assert.equal(fields.value("X-OWN"), "2");
});

test("known names begin their line, others are told", () => {
  const fields = new HeaderFields().append("v", "1").append("X-Own", "2").append("l", "3");
  const rows = [0, 1, 2, 3];
  assert.deepEqual(
    rows.map((row) => fields.lineStartAt(row)),
    ["\r\nVia: ", "", "\r\nContent-Length: ", ""],
  );
  assert.deepEqual(
    rows.map((row) => fields.unknownNameAt(row)),
    [undefined, "X-Own", undefined, undefined],
  );
  assert.deepEqual(
    rows.map((row) => fields.isContentLengthAt(row)),
    [false, false, true, false],
  );
});

test("clear leaves nothing", () => {
  const fields = some();
  fields.clear();
  assert.equal(fields.count, 0);
  assert.ok(!fields.has("Via"));
  assert.deepEqual(fields.rows(), []);
  assert.equal(written(fields.append("To", "1")), "To=1");
});
