import assert from "node:assert/strict";
import { test } from "node:test";
import {
  equalsLowerCase,
  hasWholeEscapes,
  hostCharacter,
  isBlank,
  isHexDigit,
  isLetter,
  isOf,
  parameterValueCharacter,
  passwordCharacter,
  skipBlanks,
  skipClass,
  tokenCharacter,
  uriCharacter,
  uriHeaderCharacter,
  uriParameterCharacter,
  userCharacter,
} from "./character-class.ts";

/** The characters of a class that are neither letters nor digits. */
const marks: readonly (readonly [name: string, bit: number, marks: string])[] = [
  ["token", tokenCharacter, "!%'*+-._`~"],
  ["user", userCharacter, "!#$%&'()*+,-./;=?_~"],
  ["password", passwordCharacter, "!$%&'()*+,-.=_~"],
  ["URI parameter", uriParameterCharacter, "!$%&'()*+-./:[]_~"],
  ["host", hostCharacter, "-._"],
  ["parameter value", parameterValueCharacter, "!#$%&'()*+-./:=?@[\\]^_`{|}~"],
  ["URI", uriCharacter, "!#$%&'()*+,-./:;=?@[\\]^_`{|}~"],
  ["URI header", uriHeaderCharacter, "!$%'()*+-./:?[]_~"],
];

for (const [name, bit, expected] of marks) {
  test(`class ${name}: letters, digits and ${expected}`, () => {
    let found = "";
    for (let code = 0; code < 300; code++) {
      const character = String.fromCharCode(code);
      const isAlphanumeric = /^[A-Za-z0-9]$/.test(character);
      if (isAlphanumeric) assert.ok(isOf(code, bit), character);
      else if (isOf(code, bit)) found += character;
    }
    assert.equal(found, expected);
    assert.ok(!isOf(Number.NaN, bit));
  });
}

test("letters, hexadecimal digits and blanks end where they should", () => {
  const all = Array.from({ length: 128 }, (_, code) => code);
  const those = (is: (code: number) => boolean): string => String.fromCharCode(...all.filter(is));
  assert.equal(those(isLetter), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  assert.equal(those(isHexDigit), "0123456789ABCDEFabcdef");
  assert.equal(those(isBlank), "\t ");
});

test("skipping stops at the first other character and at the end", () => {
  assert.equal(skipClass("ab;c", 0, 4, tokenCharacter), 2);
  assert.equal(skipClass("abc", 0, 2, tokenCharacter), 2);
  assert.equal(skipBlanks(" \t x", 0, 4), 3);
  assert.equal(skipBlanks("    ", 1, 3), 3);
});

const escapes: readonly (readonly [text: string, isWhole: boolean])[] = [
  ["", true],
  ["abc", true],
  ["%41", true],
  ["a%4fb%AF", true],
  ["%", false],
  ["%4", false],
  ["%4g", false],
  ["%g4", false],
  ["%41%", false],
];

test("a % starts two hexadecimal digits", () => {
  for (const [text, isWhole] of escapes) assert.equal(hasWholeEscapes(text, 0, text.length), isWhole, text);
  assert.ok(!hasWholeEscapes("%41", 0, 2));
  assert.ok(hasWholeEscapes("a%", 0, 1));
});

test("comparison folds letters only", () => {
  assert.ok(equalsLowerCase("xTAGx", 1, 4, "tag"));
  assert.ok(!equalsLowerCase("xTAGx", 1, 5, "tag"));
  assert.ok(!equalsLowerCase("tab", 0, 3, "tag"));
  assert.ok(!equalsLowerCase("\x0d", 0, 1, "-"));
  assert.ok(!equalsLowerCase("@", 0, 1, "`"));
  assert.ok(!equalsLowerCase("[", 0, 1, "{"));
  assert.ok(equalsLowerCase("AZaz", 0, 4, "azaz"));
});
