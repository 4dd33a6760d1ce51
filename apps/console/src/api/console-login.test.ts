import assert from "node:assert/strict";
import { test } from "node:test";
import {
  basicCredentials,
  forgetConsoleLogin,
  isKeyLogin,
  keepConsoleLogin,
  readConsoleLogin,
} from "./console-login.ts";

function memory() {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
}

const consoleLogin = {
  username: "AC1",
  password: "t",
  accountSid: "AC1",
  accountName: "Main",
  isOperator: true,
  isSubaccount: false,
};

test("a login is kept, read and forgotten without a trace", () => {
  const storage = memory();
  assert.equal(readConsoleLogin(storage), undefined);
  for (const kept of [consoleLogin, { ...consoleLogin, actingFor: { sid: "AC2", name: "Customer" } }]) {
    keepConsoleLogin(storage, kept);
    assert.deepEqual(readConsoleLogin(storage), kept);
  }
  forgetConsoleLogin(storage);
  assert.equal(storage.items.size, 0);
});

test("what is no login is none", () => {
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '{"username":"AC1"}',
    JSON.stringify({ ...consoleLogin, isOperator: 1 }),
    JSON.stringify({ ...consoleLogin, isSubaccount: undefined }),
    JSON.stringify({ ...consoleLogin, actingFor: { sid: "AC2" } }),
  ]) {
    const storage = memory();
    storage.items.set("tandem-console-login", text);
    assert.equal(readConsoleLogin(storage), undefined, text);
  }
});

test("a key is known by its SID", () => {
  assert.equal(isKeyLogin(consoleLogin), false);
  assert.equal(isKeyLogin({ ...consoleLogin, username: "SK1" }), true);
});

test("credentials are base64 of UTF-8", () => {
  assert.equal(basicCredentials("AC1", "tökén:x"), `Basic ${Buffer.from("AC1:tökén:x").toString("base64")}`);
});
