import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hideSecrets } from "./hide-secrets.ts";

describe("hideSecrets", () => {
  const lines: readonly (readonly [line: string, shown: string])[] = [
    [
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4",
      `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${"x".repeat(40)}|2^20|1:4`,
    ],
    ["a=ice-pwd:asd88fgpdd777uzjYhagZg", `a=ice-pwd:${"x".repeat(22)}`],
    ["a=ice-ufrag:8hhY", "a=ice-ufrag:8hhY"],
    [
      'Authorization: Digest username="bob", nonce="a1", response="6629fae49393a05397450978507c4ef1", qop=auth',
      `Authorization: Digest username="bob", nonce="a1", response="${"x".repeat(32)}", qop=auth`,
    ],
    ['Proxy-Authorization: Digest Response = "ab"', 'Proxy-Authorization: Digest Response = "xx"'],
    ["Subject: online:offline", "Subject: online:offline"],
  ];

  for (const [line, shown] of lines) test(line, () => assert.equal(hideSecrets(line), shown));

  test("every one of several, and no byte more or less", () => {
    const text = "a=crypto:1 A inline:one\r\na=crypto:2 A inline:three\r\na=ice-pwd:two\r\n";
    const hidden = hideSecrets(text);
    assert.equal(hidden, "a=crypto:1 A inline:xxx\r\na=crypto:2 A inline:xxxxx\r\na=ice-pwd:xxx\r\n");
    assert.equal(hidden.length, text.length);
  });
});
