import assert from "node:assert/strict";
import { test } from "node:test";
import { Parameters } from "../uri/parameters.ts";
import {
  endOfElement,
  endOfQuotedString,
  endWithoutBlanks,
  parametersFine,
  parametersHaveEmptyOnes,
  parametersMalformed,
  readHeaderParameters,
  splitList,
} from "./header-parameters.ts";

const table: readonly (readonly [text: string, result: number, written: string])[] = [
  ["", parametersFine, ""],
  ["  ", parametersFine, ""],
  [";a", parametersFine, ";a"],
  [";a=b", parametersFine, ";a=b"],
  [" ; a\t=  b ; c ", parametersFine, ";a=b;c"],
  [';a="x;y,z=\\""', parametersFine, ';a="x;y,z=\\""'],
  [";a=[2001:db8::1];b=2001:db8::2", parametersFine, ";a=[2001:db8::1];b=2001:db8::2"],
  [";a=b=c", parametersFine, ";a=b=c"],
  [";;a", parametersHaveEmptyOnes, ";a"],
  [";a;", parametersHaveEmptyOnes, ";a"],
  [";a; ;b", parametersHaveEmptyOnes, ";a;b"],
  [";", parametersHaveEmptyOnes, ""],
  ["a", parametersMalformed, ""],
  [";=b", parametersMalformed, ""],
  [";a=", parametersMalformed, ""],
  [";a= ;b", parametersMalformed, ""],
  [';a="x', parametersMalformed, ""],
  [';a="x\\"', parametersMalformed, ""],
  [';a="x"y', parametersMalformed, ""],
  [";a b", parametersMalformed, ""],
  [";a=b c", parametersMalformed, ""],
  [";a=b,c", parametersMalformed, ""],
  [";a=<b>", parametersMalformed, ""],
  [";a@b", parametersMalformed, ""],
  [";a=\xe9", parametersMalformed, ""],
];

for (const [text, expected, written] of table) {
  test(`header parameters "${text}"`, () => {
    const offsets: number[] = [];
    assert.equal(readHeaderParameters(text, 0, text.length, offsets), expected);
    if (expected !== parametersMalformed) assert.equal(new Parameters(text, offsets).toString(), written);
  });
}

test("parameters end where their part of the text ends", () => {
  const offsets: number[] = [];
  assert.equal(readHeaderParameters("x;a=bcd", 1, 5, offsets), parametersFine);
  assert.deepEqual(offsets, [2, 3, 4, 5]);
  assert.equal(readHeaderParameters(';a="b"', 0, 5, []), parametersMalformed);
});

test("a quoted string ends at the first quote that is not escaped", () => {
  assert.equal(endOfQuotedString('"a"b', 0, 4), 3);
  assert.equal(endOfQuotedString('"\\""', 0, 4), 4);
  assert.equal(endOfQuotedString('"\\\\"', 0, 4), 4);
  assert.equal(endOfQuotedString('"a', 0, 2), -1);
  assert.equal(endOfQuotedString('"a"', 0, 2), -1);
});

const lists: readonly (readonly [value: string, elements: readonly string[]])[] = [
  ["", []],
  ["a", ["a"]],
  ["a,b", ["a", "b"]],
  [" a , b ", ["a", "b"]],
  ["a,,b", ["a", "", "b"]],
  ["a,", ["a", ""]],
  [",a", ["", "a"]],
  ['"a,b" <sip:x>,c', ['"a,b" <sip:x>', "c"]],
  ['"a\\",b",c', ['"a\\",b"', "c"]],
  ["<sip:a,b@h>,<sip:c>", ["<sip:a,b@h>", "<sip:c>"]],
  ['"open,a', ['"open,a']],
  ["<open,a", ["<open,a"]],
  ['<sip:a>;x="1,2",b', ['<sip:a>;x="1,2"', "b"]],
];

for (const [value, elements] of lists) {
  test(`list "${value}"`, () => assert.deepEqual(splitList(value), elements));
}

test("an element ends at the end of its part of the text", () => {
  assert.equal(endOfElement("ab,c", 0, 2), 2);
  assert.equal(endOfElement("ab,c", 0, 4), 2);
  assert.equal(endOfElement("<a,>,", 0, 3), 3);
});

test("blanks before an end", () => {
  assert.equal(endWithoutBlanks("a \t", 0, 3), 1);
  assert.equal(endWithoutBlanks("   ", 1, 3), 1);
});
