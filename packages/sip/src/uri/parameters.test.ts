import assert from "node:assert/strict";
import { test } from "node:test";
import { Parameters, quote, unquote } from "./parameters.ts";

const some = Parameters.from([
  ["Lr", undefined],
  ["transport", "tcp"],
  ["text", '"a \\"b\\" \\\\"'],
  ["TRANSPORT", "udp"],
]);

test("get finds names without case, the first of several, and takes quotes off", () => {
  assert.equal(some.get("transport"), "tcp");
  assert.equal(some.get("TransPort"), "tcp");
  assert.equal(some.get("text"), 'a "b" \\');
  assert.equal(some.get("lr"), "");
  assert.equal(some.get("maddr"), undefined);
  assert.equal(some.get("l"), undefined);
});

test("has tells presence, with and without a value", () => {
  assert.ok(some.has("LR"));
  assert.ok(some.has("transport"));
  assert.ok(!some.has("ttl"));
  assert.ok(!Parameters.none.has("lr"));
});

test("entries and toString give them as written, in order", () => {
  assert.deepEqual(some.entries(), [
    { name: "Lr", value: undefined },
    { name: "transport", value: "tcp" },
    { name: "text", value: '"a \\"b\\" \\\\"' },
    { name: "TRANSPORT", value: "udp" },
  ]);
  assert.equal(some.toString(), ';Lr;transport=tcp;text="a \\"b\\" \\\\";TRANSPORT=udp');
  assert.equal(some.count, 4);
  assert.equal(Parameters.none.toString(), "");
});

test("with replaces in place, drops repetitions and appends what is new", () => {
  assert.equal(some.with("transport", "tls").toString(), ';Lr;transport=tls;text="a \\"b\\" \\\\"');
  assert.equal(Parameters.none.with("lr", undefined).toString(), ";lr");
  assert.equal(
    Parameters.from([["a", "1"]])
      .with("b", "2")
      .toString(),
    ";a=1;b=2",
  );
});

test("without removes all of that name", () => {
  assert.equal(some.without("TRANSPORT").without("text").toString(), ";Lr");
  assert.equal(
    Parameters.from([["a", "1"]])
      .without("b")
      .toString(),
    ";a=1",
  );
});

test("the n-th parameter: name, value, token or not", () => {
  assert.ok(some.isNamed(1, "transport"));
  assert.ok(!some.isNamed(0, "transport"));
  assert.ok(!some.isNamed(9, "lr"));
  assert.equal(some.valueOf(0), "");
  assert.equal(some.valueOf(3), "udp");
  assert.ok(some.isToken(1));
  assert.ok(!some.isToken(0));
  assert.ok(!some.isToken(2));
});

test("quote and unquote undo each other", () => {
  for (const text of ["", "a", 'say "hi"', "back\\slash", '\\"', "\\"])
    assert.equal(unquote(quote(text)), text);
  assert.equal(quote('a"b\\c'), '"a\\"b\\\\c"');
  assert.equal(unquote("token"), "token");
  assert.equal(unquote('"'), "");
  assert.equal(unquote('"open'), "open");
  assert.equal(unquote('"a\\'), "a\\");
});
