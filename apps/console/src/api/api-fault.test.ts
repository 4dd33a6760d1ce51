import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiFault, faultOf, toFault } from "./api-fault.ts";

test("a refusal has the interface's code and words", () => {
  const { status, code, message } = faultOf(400, '{"code":21245,"message":"Too long.","status":400}');
  assert.deepEqual({ status, code, message }, { status: 400, code: 21245, message: "Too long." });
});

test("an answer that is not the interface's has its status at least", () => {
  for (const body of ["", "<html>", "null", "[]", '"x"']) {
    const { status, code, message } = faultOf(502, body);
    assert.deepEqual(
      { status, code, message },
      { status: 502, code: undefined, message: "The server answered with status 502." },
    );
  }
});

test("whatever is thrown becomes a fault", () => {
  const fault = new ApiFault(404, 20404, "gone");
  assert.equal(toFault(fault), fault);
  assert.equal(toFault(new TypeError("Failed to fetch")).message, "Control does not answer.");
  assert.equal(toFault(new Error("x is not a function")).message, "x is not a function");
  assert.equal(toFault("text").message, "text");
});
