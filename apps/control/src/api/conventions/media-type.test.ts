import assert from "node:assert/strict";
import { test } from "node:test";
import { prefersXml } from "./media-type.ts";

const cases: readonly (readonly [accept: string | undefined, isXml: boolean])[] = [
  [undefined, false],
  ["", false],
  ["*/*", false],
  ["application/json", false],
  ["application/xml", true],
  ["text/xml", true],
  ["Application/XML ; q=0.1", true],
  ["application/yang-data+xml", true],
  ["application/xml, application/json", false],
  ["application/xml;q=0.9, application/json;q=0.8", true],
  ["application/xml;q=0.8, application/json;q=0.9", false],
  ["application/xml;q=0.5, */*;q=0.1", true],
  ["application/*, text/xml;q=0.1", false],
  ["text/*", true],
  ["application/json;q=0, */*", true],
  ["application/xml;q=2", false],
  ["image/png", false],
];
for (const [accept, isXml] of cases) {
  test(`Accept: ${accept}`, () => assert.equal(prefersXml(accept), isXml));
}
