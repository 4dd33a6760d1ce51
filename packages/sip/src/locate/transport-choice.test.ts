import assert from "node:assert/strict";
import { test } from "node:test";
import type { TransportProtocol } from "../transport/index.ts";
import { parseSipUri } from "../uri/index.ts";
import { chooseTransport, defaultTransport } from "./transport-choice.ts";

const all: TransportProtocol[] = ["UDP", "TCP", "TLS"];
const table: [uri: string, served: TransportProtocol[], chosen: string | undefined][] = [
  ["sip:a.test", all, undefined],
  ["sip:a.test;transport=udp", all, "UDP"],
  ["sip:a.test;transport=TCP", all, "TCP"],
  ["sip:a.test;transport=tls", all, "TLS"],
  ["sips:a.test", all, "TLS"],
  ["sips:a.test;transport=tcp", all, "TLS"],
  ["sips:a.test;transport=tls", all, "TLS"],
  ["sips:a.test;transport=udp", all, "unsupported-transport"],
  ["sip:a.test;transport=sctp", all, "unsupported-transport"],
  ["sip:a.test;transport=ws", all, "unsupported-transport"],
  ["sip:a.test;transport=tcp", ["UDP"], "transport-not-served"],
  ["sips:a.test", ["UDP", "TCP"], "transport-not-served"],
];
for (const [text, served, chosen] of table) {
  test(`${text} among ${served.join()} is ${chosen ?? "left to DNS"}`, () => {
    const uri = parseSipUri(text);
    assert.ok(uri.ok);
    const choice = chooseTransport(uri.value, served);
    assert.equal(choice.ok ? choice.protocol : choice.code, chosen);
  });
}

test("without any word: UDP, or what there is", () => {
  assert.equal(defaultTransport(["TCP", "UDP"]), "UDP");
  assert.equal(defaultTransport(["TLS", "TCP"]), "TLS");
});
