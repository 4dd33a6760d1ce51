import assert from "node:assert/strict";
import { test } from "node:test";
import { isScanner } from "./scanner-signatures.ts";

for (const name of [
  "friendly-scanner",
  "Friendly-Scanner/1.0",
  "sipsak 0.9.8.1",
  "SIPVicious",
  "VaxSIPUserAgent/3.1",
  "pplsip",
  "smap 0.6.0",
]) {
  test(`${name} is a scanner`, () => assert.equal(isScanner(name), true));
}

for (const name of [
  undefined,
  "",
  "Asterisk PBX 20.1",
  "baresip v1.0.0 (x86_64/linux)",
  "SIPp",
  "kamailio (5.6.3)",
  "Cisco-SIPGateway/IOS-12.x",
]) {
  test(`${name} is none`, () => assert.equal(isScanner(name), false));
}
