import assert from "node:assert/strict";
import { test } from "node:test";
import Type, { type TSchema } from "typebox";
import type { ApiError } from "./api-error.ts";
import { formValidatorCompiler } from "./form.ts";

const schema = Type.Object({
  Text: Type.Optional(Type.String({ maxLength: 3 })),
  Flag: Type.Optional(Type.Boolean()),
  Count: Type.Optional(Type.Integer({ minimum: -5, maximum: 5 })),
  Share: Type.Optional(Type.Number()),
  Gone: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  Many: Type.Optional(Type.Array(Type.Integer())),
});

function read(form: unknown, of: TSchema = schema, httpPart = "body"): unknown {
  const validate = formValidatorCompiler({ schema: of, method: "POST", url: "/", httpPart });
  const result = validate(form) as { value?: unknown; error?: ApiError };
  return result.error === undefined ? result.value : result.error.code;
}

const table: [form: unknown, expected: unknown][] = [
  [undefined, {}],
  [null, {}],
  [{}, {}],
  [{ Text: "" }, { Text: "" }],
  [{ Text: "abc" }, { Text: "abc" }],
  [{ Text: "abcd" }, 20001],
  [{ Text: ["a", "b"] }, 20001],
  [{ Text: "a\0" }, 20001],
  [{ Text: 1 }, 20001],
  [{ Other: "x", text: "x" }, {}],
  [{ Flag: "true" }, { Flag: true }],
  [{ Flag: "False" }, { Flag: false }],
  [{ Flag: "1" }, 20001],
  [{ Flag: "" }, 20001],
  [{ Flag: "constructor" }, 20001],
  [{ Count: "5" }, { Count: 5 }],
  [{ Count: "+5" }, { Count: 5 }],
  [{ Count: "-5" }, { Count: -5 }],
  [{ Count: "6" }, 20001],
  [{ Count: "-6" }, 20001],
  [{ Count: " 5" }, 20001],
  [{ Count: "5.0" }, 20001],
  [{ Count: "0x5" }, 20001],
  [{ Count: "5e0" }, 20001],
  [{ Count: "" }, 20001],
  [{ Share: "0.5" }, { Share: 0.5 }],
  [{ Share: "2" }, { Share: 2 }],
  [{ Share: ".5" }, 20001],
  [{ Share: "Infinity" }, 20001],
  [{ Gone: "" }, { Gone: null }],
  [{ Gone: "7" }, { Gone: 7 }],
  [{ Gone: "null" }, 20001],
  [{ Many: "1" }, { Many: [1] }],
  [{ Many: ["1", "2"] }, { Many: [1, 2] }],
  [{ Many: ["1", "x"] }, 20001],
  ["Text=a", 91004],
  [[], 91004],
];

test("texts become what the schema says", () => {
  for (const [form, expected] of table) assert.deepEqual(read(form), expected, JSON.stringify(form));
});

test("a missing parameter is named", () => {
  const validate = formValidatorCompiler({
    schema: Type.Object({ First: Type.String(), Second: Type.String() }),
    method: "POST",
    url: "/",
    httpPart: "body",
  });
  const { error } = validate({ First: "x" }) as { error: ApiError };
  assert.equal(error.code, 20001);
  assert.match(error.message, / Second must be given\.$/);
});

test("what is wrong in a path is not found", () => {
  const params = Type.Object({ Sid: Type.String({ pattern: "^TK" }) });
  assert.deepEqual(read({ Sid: "TK" }, params, "params"), { Sid: "TK" });
  assert.equal(read({ Sid: "OU" }, params, "params"), 20404);
  assert.equal(read({ Sid: "TK\0" }, params, "params"), 20404);
});
