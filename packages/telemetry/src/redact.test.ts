import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isSecretName, redactText } from "./redact.ts";

describe("isSecretName", () => {
  const secret = [
    "password",
    "Password",
    "userPassword",
    "passwd",
    "secret",
    "nonceSecret",
    "nonce_secret",
    "token",
    "authToken",
    "AUTH-TOKEN",
    "authorization",
    "Authorization",
    "proxy-authorization",
    "Proxy Authorization",
    "apiKey",
    "api_key",
    "x.api.key",
    "privateKey",
    "cookie",
    "Set-Cookie",
    "ha1",
    "HA1",
    "ha1Sha256",
    "preSharedKey",
    "pre_shared_key_encrypted",
    "passphrase",
  ];
  for (const name of secret) test(`${name} is`, () => assert.equal(isSecretName(name), true));
  for (const name of ["username", "nonce", "sha1", "callId", "passed", "key", ""]) {
    test(`${name || "nothing"} is not`, () => assert.equal(isSecretName(name), false));
  }
});

const table: [rule: string, text: string, redacted: string][] = [
  [
    "Authorization of a SIP message, other lines untouched",
    'REGISTER sip:a SIP/2.0\r\nAuthorization: Digest username="bob", response="planted"\r\nCSeq: 1 REGISTER\r\n\r\n',
    "REGISTER sip:a SIP/2.0\r\nAuthorization: [redacted]\r\nCSeq: 1 REGISTER\r\n\r\n",
  ],
  [
    "Proxy-Authorization",
    "Proxy-Authorization: Digest planted\r\nTo: x",
    "Proxy-Authorization: [redacted]\r\nTo: x",
  ],
  ["whatever case and space", "PROXY-authorization \t:Digest planted", "PROXY-authorization \t: [redacted]"],
  [
    "folded lines go with it",
    "Authorization: Digest\r\n planted,\n\tplanted\r\nTo: x",
    "Authorization: [redacted]\r\nTo: x",
  ],
  ["in the middle of a line", "sent Authorization: planted", "sent Authorization: [redacted]"],
  [
    "twice",
    "Authorization: planted\nAuthorization: planted\n",
    "Authorization: [redacted]\nAuthorization: [redacted]\n",
  ],
  [
    "SDES keys",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:planted+/==|2^20|1:4\r\na=x",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[redacted]|2^20|1:4\r\na=x",
  ],
  ["several SDES keys", "inline:planted;inline:planted FEC", "inline:[redacted];inline:[redacted] FEC"],
  ["bearer tokens", "Bearer planted.planted, x", "Bearer [redacted], x"],
  ["basic credentials", "Basic cGxhbnRlZDpwbGFudGVk==, x", "Basic [redacted], x"],
  ["a basic word stays", "basic authentication", "basic authentication"],
  [
    "the password of a URL",
    "cannot reach postgres://tandem:planted@db.test:5432/tandem",
    "cannot reach postgres://tandem:[redacted]@db.test:5432/tandem",
  ],
  ["a URL with a port stays", "http://h.test:8080/a?b=c:d@e", "http://h.test:8080/a?b=c:d@e"],
  ["the password of a SIP URI", "<sip:bob:planted@example.com>", "<sip:bob:[redacted]@example.com>"],
  ["of a SIPS URI", "sips:bob:planted@example.com:5061", "sips:bob:[redacted]@example.com:5061"],
  ["a URI without one stays", "<sip:bob@example.com:5060>;tag=a:b@c", "<sip:bob@example.com:5060>;tag=a:b@c"],
  ["a host and port stay", "sip:example.com:5060", "sip:example.com:5060"],
  ["a challenge stays", 'Proxy-Authenticate: Digest nonce="n"', 'Proxy-Authenticate: Digest nonce="n"'],
  ["plain text stays", "nothing to see", "nothing to see"],
];

describe("redactText", () => {
  for (const [rule, text, expected] of table) {
    test(rule, () => {
      assert.equal(redactText(text), expected);
      assert.ok(!redactText(text).includes("planted"));
    });
  }
});
