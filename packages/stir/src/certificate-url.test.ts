import assert from "node:assert/strict";
import { test } from "node:test";
import { certificateUrlFault } from "./certificate-url.ts";
import { maximumUrlCharacters } from "./identity-header.ts";

const table: [url: string, fault: string | undefined][] = [
  ["https://cert.example.org/passport.cer", undefined],
  ["https://cert.example.org:8443/passport.cer", undefined],
  ["https://cert.example.org:443/", undefined],
  ["http://cert.example.org/passport.cer", "is not https"],
  ["file:///etc/passwd", "is not https"],
  ["https://cert.example.org:22/", "has port 22"],
  ["https://user:secret@cert.example.org/", "has a user"],
  ["https://127.0.0.1/", "has an address for a host"],
  ["https://2130706433/", "has an address for a host"],
  ["https://0x7f.1/", "has an address for a host"],
  ["https://[::1]/", "has an address for a host"],
  ["https://", "is no URL"],
  ["cert.example.org", "is no URL"],
];
for (const [url, fault] of table) {
  test(`a certificate from ${url}`, () => assert.equal(certificateUrlFault(url), fault));
}

test("other ports where they are wanted; as long as the limit, and one more", () => {
  assert.equal(certificateUrlFault("https://a.example:9443/", [9443]), undefined);
  assert.equal(certificateUrlFault("https://a.example/", [9443]), "has port 443");
  const longest = "https://a.example/".padEnd(maximumUrlCharacters, "x");
  assert.equal(certificateUrlFault(longest), undefined);
  assert.match(certificateUrlFault(`${longest}x`) ?? "", /more than/);
});
