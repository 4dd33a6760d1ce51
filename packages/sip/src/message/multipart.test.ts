import assert from "node:assert/strict";
import { test } from "node:test";
import { findPart, maximumBodyParts } from "./multipart.ts";

const sdp = "application/sdp";
const isup =
  "--b\r\nContent-Type: application/isup;version=x\r\nContent-Disposition: signal\r\n\r\nIAM\x01\r\n";
const described = "--b\r\ncontent-type : Application/SDP\r\n\r\nv=0\r\no=-\r\n\r\n";
const type = 'multipart/mixed;boundary="b"';

test("a part is found and replaced, the others stay byte by byte (RFC 2046 §5.1)", () => {
  const body = `preamble\r\n${isup}${described}--b--\r\nepilogue`;
  const part = findPart(type, body, sdp);
  assert.equal(part?.content, "v=0\r\no=-\r\n");
  assert.equal(part?.replaced("v=1\r\n"), body.replace("v=0\r\no=-\r\n", "v=1\r\n"));
  assert.equal(findPart(type, `${described}${isup}--b--`, sdp)?.content, "v=0\r\no=-\r\n");
  assert.equal(findPart(type, body, "application/isup")?.content, "IAM\x01");
});

test("a body that is of the type itself", () => {
  const part = findPart("Application/SDP;charset=x", "v=0\r\n", sdp);
  assert.equal(part?.content, "v=0\r\n");
  assert.equal(part?.replaced("v=1\r\n"), "v=1\r\n");
});

test("a part that says nothing is text, and may be empty", () => {
  assert.equal(findPart(type, "--b\r\n\r\nhello\r\n--b--", "text/plain")?.content, "hello");
  assert.equal(findPart(type, "--b\r\nContent-Type: application/sdp\r\n\r\n\r\n--b--", sdp)?.content, "");
  assert.equal(findPart(type, "--b\r\nContent-Type: application/sdp\r\n--b--", sdp)?.content, "");
});

test("what has no such part, or can't be read", () => {
  for (const [contentType, body] of [
    [undefined, "v=0"],
    ["text/plain", "v=0"],
    ["nonsense", "v=0"],
    ["multipart/mixed", `${described}--b--`],
    ['multipart/mixed;boundary=""', `${described}--b--`],
    [type, ""],
    [type, "v=0"],
    [type, described],
    [type, `${isup}--b--`],
    [type, "--b--"],
    [type, "--b"],
  ] as const) {
    assert.equal(findPart(contentType, body, sdp), undefined, body);
  }
});

test("so many parts, and one more", () => {
  const body = (count: number): string => `${isup.repeat(count - 1)}${described}--b--`;
  assert.ok(findPart(type, body(maximumBodyParts), sdp) !== undefined);
  assert.equal(findPart(type, body(maximumBodyParts + 1), sdp), undefined);
});
