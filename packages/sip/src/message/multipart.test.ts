import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyParts, maximumBodyParts } from "./multipart.ts";

const isup =
  "--b\r\nContent-Type: application/isup;version=x\r\nContent-Disposition: signal\r\n\r\nIAM\x01\r\n";
const described = "--b\r\ncontent-type : Application/SDP\r\n\r\nv=0\r\no=-\r\n\r\n";
const type = 'multipart/mixed;boundary="b"';

/** Media type and content of each part. */
function contents(body: string): readonly (readonly [string, string])[] | undefined {
  return bodyParts(type, body)?.map(({ mediaType, start, end }) => [mediaType, body.slice(start, end)]);
}

test("each part is found with its type and its content byte by byte (RFC 2046 §5.1)", () => {
  const first = ["application/isup", "IAM\x01"] as const;
  const second = ["application/sdp", "v=0\r\no=-\r\n"] as const;
  assert.deepEqual(contents(`preamble\r\n${isup}${described}--b--\r\nepilogue`), [first, second]);
  assert.deepEqual(contents(`${described}${isup}--b--`), [second, first]);
});

test("a part begins with its delimiter, and the next one behind the line end after its content", () => {
  const body = `preamble\r\n${isup}${described}--b--`;
  const [first, second] = bodyParts(type, body) ?? [];
  assert.equal(body.slice(first?.begin, (first?.end ?? 0) + 2), isup);
  assert.equal(body.slice(second?.begin, (second?.end ?? 0) + 2), described);
});

test("a part that says nothing is text, and may be empty", () => {
  assert.deepEqual(contents("--b\r\n\r\nhello\r\n--b--"), [["text/plain", "hello"]]);
  assert.deepEqual(contents("--b\r\nContent-Type: application/sdp\r\n\r\n\r\n--b--"), [
    ["application/sdp", ""],
  ]);
  assert.deepEqual(contents("--b\r\nContent-Type: application/sdp\r\n--b--"), [["application/sdp", ""]]);
  assert.deepEqual(contents("--b\r\nContent-Type: nonsense\r\n\r\n\r\n--b--"), [["", ""]]);
});

test("what a part is for, folded or not", () => {
  for (const [row, disposition] of [
    ["Content-Disposition: signal;handling=optional", { type: "signal", isOptional: true }],
    ["content-disposition :\r\n session;\r\n\thandling=required", { type: "session", isOptional: false }],
    ["Content-Disposition: ;", undefined],
    ["X-Content-Disposition: signal", undefined],
  ] as const) {
    const parts = bodyParts(type, `--b\r\nContent-Type: x/y\r\n${row}\r\n\r\nz\r\n--b--`);
    assert.deepEqual(parts?.[0]?.disposition, disposition, row);
    assert.equal(parts?.[0]?.mediaType, "x/y");
  }
});

test("what is no multipart body, or can't be read", () => {
  for (const [contentType, body] of [
    [undefined, "v=0"],
    ["text/plain", "v=0"],
    ["application/sdp;boundary=b", `${described}--b--`],
    ["nonsense", "v=0"],
    ["multipart/mixed", `${described}--b--`],
    ['multipart/mixed;boundary=""', `${described}--b--`],
    [type, ""],
    [type, "v=0"],
    [type, described],
    [type, "--b"],
  ] as const) {
    assert.equal(bodyParts(contentType, body), undefined, body);
  }
  assert.deepEqual(bodyParts(type, "--b--"), []);
});

test("so many parts, and one more", () => {
  const body = (count: number): string => `${isup.repeat(count)}--b--`;
  assert.equal(bodyParts(type, body(maximumBodyParts))?.length, maximumBodyParts);
  assert.equal(bodyParts(type, body(maximumBodyParts + 1)), undefined);
});
