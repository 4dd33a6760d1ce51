import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalName, headerField } from "./header-field-name.ts";
import { indexHeader, unfold } from "./header-index.ts";
import { messageLimits } from "./message-limits.ts";
import { parseMessage } from "./parse-message.ts";

const startLine = "OPTIONS sip:h SIP/2.0\r\n";

function rowsOf(header: string): readonly (readonly [string, string])[] {
  const message = parseMessage(startLine + header, "datagram");
  assert.ok(message.ok);
  return message.value.rows().map(({ name, value }) => [name, value] as const);
}

const rows: readonly (readonly [
  rule: string,
  header: string,
  rows: readonly (readonly [string, string])[],
])[] = [
  ["a row", "Subject: hello\r\n\r\n", [["Subject", "hello"]]],
  ["no space after the colon", "Subject:hello\r\n\r\n", [["Subject", "hello"]]],
  ["blanks around the colon", "Subject \t : \t hello\r\n\r\n", [["Subject", "hello"]]],
  ["blanks behind the value", "Subject: hello \t \r\n\r\n", [["Subject", "hello"]]],
  ["blanks inside the value stay", "Subject: a  \tb\r\n\r\n", [["Subject", "a  \tb"]]],
  ["an empty value", "Subject:\r\n\r\n", [["Subject", ""]]],
  ["a value of blanks", "Subject:  \t \r\n\r\n", [["Subject", ""]]],
  ["a fold", "Subject: a\r\n b\r\n\r\n", [["Subject", "a b"]]],
  [
    "folds and the blanks around them are one space",
    "Subject: a \t\r\n \t b\r\n\tc\r\n\r\n",
    [["Subject", "a b c"]],
  ],
  ["a fold before the value", "Subject:\r\n  a\r\n\r\n", [["Subject", "a"]]],
  ["a fold before nothing", "Subject: a\r\n \r\n\r\n", [["Subject", "a"]]],
  [
    "compact form and case",
    "s: a\r\nSUBJECT: b\r\n\r\n",
    [
      ["Subject", "a"],
      ["Subject", "b"],
    ],
  ],
  ["unknown names as written", "x-Y: a\r\n\r\n", [["x-Y", "a"]]],
  ["a colon in the value", "Q: a:b: c\r\n\r\n", [["Q", "a:b: c"]]],
  [
    "order",
    "P: 1\r\nG: 2\r\nP: 3\r\n\r\nC: 4\r\n",
    [
      ["P", "1"],
      ["G", "2"],
      ["P", "3"],
    ],
  ],
  [
    "a line without colon is left out",
    "Q: 1\r\nnonsense\r\nZ: 2\r\n\r\n",
    [
      ["Q", "1"],
      ["Z", "2"],
    ],
  ],
];

for (const [rule, header, expected] of rows) {
  test(`header rows: ${rule}`, () => assert.deepEqual(rowsOf(header), expected));
}

const faults: readonly (readonly [
  rule: string,
  header: string,
  code: string | undefined,
  isPoisoned: boolean,
])[] = [
  ["a clean header", "Q: 1\r\n\r\n", undefined, false],
  ["no empty line", "Q: 1\r\n", "empty-line-missing", false],
  ["no end of line", "Q: 1", "empty-line-missing", false],
  ["no colon", "Q\r\n\r\n", "header-line-malformed", false],
  ["no name", ": 1\r\n\r\n", "header-line-malformed", false],
  ["a space in the name", "Q z: 1\r\n\r\n", "header-line-malformed", false],
  ["a fold without a row before it", " Q: 1\r\n\r\n", "header-line-malformed", false],
  ["the first fault counts", "Q\r\nZ: 1", "header-line-malformed", false],
  ["a bare CR", "Q: a\rb\r\n\r\n", "bare-line-break", true],
  ["a bare CR before the CRLF", "Q: a\r\r\n\r\n", "bare-line-break", true],
  ["a bare LF", "Q: a\nb\r\n\r\n", "bare-line-break", true],
  ["a bare LF that looks like a fold", "Q: a\n b\r\n\r\n", "bare-line-break", true],
  ["a bare CR in an unfinished row", "Q: a\rb", "bare-line-break", true],
  ["a bare CR where a row should start", "Q: a\r\n\rZ: b\r\n\r\n", "bare-line-break", true],
  ["a bare LF where a row should start", "Q: a\r\n\nZ: b\r\n\r\n", "bare-line-break", true],
  ["a NUL", "Q: a\0b\r\n\r\n", "null-character", true],
  ["a NUL as a quoted-pair", 'Q: "a\\\0b"\r\n\r\n', undefined, false],
  ["a NUL behind a quoted-pair", 'Q: "a\\\0\0b"\r\n\r\n', "null-character", true],
  ["a NUL in the body", "Q: a\r\n\r\n\0", undefined, false],
  ["line breaks in the body", "Q: a\r\n\r\na\rb\nc", undefined, false],
];

for (const [rule, header, code, isPoisoned] of faults) {
  test(`header faults: ${rule}`, () => {
    const index = indexHeader(header, 0);
    assert.equal(index.fault?.code, code);
    assert.equal(index.isPoisoned, isPoisoned);
  });
}

test("a bare LF does not end a row", () => {
  assert.deepEqual(rowsOf("Q: a\nVia: evil\r\nZ: b\r\n\r\n"), [
    ["Q", "a\nVia: evil"],
    ["Z", "b"],
  ]);
});

test("a bare CR does not end a row, and does not join it to the next", () => {
  assert.deepEqual(rowsOf("Q: a\rb\r\nZ: c\r\n\r\n"), [
    ["Q", "a\rb"],
    ["Z", "c"],
  ]);
});

test("the body starts behind the empty line", () => {
  assert.equal(indexHeader("Q: a\r\n\r\nbody", 0).bodyStart, 8);
  assert.equal(indexHeader("\r\nbody", 0).bodyStart, 2);
  assert.equal(indexHeader("Q: a\r\n", 0).bodyStart, 6);
});

test("occurring and repeated header fields have their bits", () => {
  const index = indexHeader("Via: a\r\nv: b\r\nTo: c\r\nAccept: x\r\nAccept: y\r\nQ: d\r\nQ: e\r\n\r\n", 0);
  assert.equal(index.seen, (1 << headerField.via) | (1 << headerField.to));
  assert.equal(index.repeated, 1 << headerField.via);
});

test(`${messageLimits.maximumHeaderRows} rows pass, one more does not`, () => {
  const atLimit = "Q: 1\r\n".repeat(messageLimits.maximumHeaderRows);
  assert.equal(indexHeader(`${atLimit}\r\n`, 0).fault, undefined);
  const index = indexHeader(`${atLimit}Q: 1\r\n\r\nbody`, 0);
  assert.equal(index.fault?.code, "too-many-header-rows");
  assert.equal(index.isPoisoned, false);
  assert.equal(index.bodyStart, atLimit.length + "Q: 1\r\n\r\nbody".length);
  assert.equal(rowsOf(`${atLimit}Q: 1\r\n\r\n`).length, messageLimits.maximumHeaderRows);
});

test("an index is not changed by the next one", () => {
  const first = indexHeader("Via: a\r\nTo: b\r\n\r\n", 0);
  const rowsBefore = [...first.rows];
  indexHeader("Contact: xxxxxxxx\r\nFrom: y\r\nTo: z\r\n\r\n", 0);
  assert.deepEqual(first.rows, rowsBefore);
});

test("unfolding a part of a text", () => {
  assert.equal(unfold("x a\r\n b y", 1, 8), "a b");
  assert.equal(unfold("a\r\n \r\n b", 0, 8), "a b");
  assert.equal(unfold("", 0, 0), "");
});

/** The slow and obvious way: unfold with a pattern, split into lines, split at the first colon. */
function naiveRows(header: string): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  const end = header.startsWith("\r\n") ? 0 : header.indexOf("\r\n\r\n") + 2;
  for (const line of header
    .slice(0, end)
    .replaceAll(/(?:[ \t]*\r\n[ \t]+)+/g, " ")
    .split("\r\n")) {
    const row = /^([A-Za-z0-9.!%*_+`'~-]+)[ \t]*:(.*)$/s.exec(line);
    if (row !== null)
      found.push([canonicalName(row[1] ?? ""), (row[2] ?? "").replaceAll(/^[ \t]+|[ \t]+$/g, "")]);
  }
  return found;
}

test("the index finds the rows that a naive parser finds", () => {
  const name = fc.constantFrom("Via", "v", "TO", "X-Any", "call-id", "l", "Q", "no colon", "");
  const blank = fc.constantFrom("", " ", "\t", "  ", "\r\n ", " \r\n\t ");
  const word = fc.constantFrom("a", "b,c", '"d;e"', "<sip:f>", ":", "g h", "");
  const value = fc.array(fc.tuple(word, blank), { maxLength: 4 }).map((parts) => parts.flat().join(""));
  const row = fc
    .tuple(name, fc.constantFrom("", " ", "\t"), blank, value)
    .map(([field, before, after, text]) => `${field}${before}:${after}${text}`);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (all) => {
      const header = `${all.map((one) => `${one}\r\n`).join("")}\r\n`;
      assert.deepEqual(rowsOf(header), naiveRows(header));
    }),
    { numRuns: 500 },
  );
});
