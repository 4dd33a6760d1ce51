import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, request } from "@tandem/sip/testing";
import { type ReferTargetResult, referTarget } from "./refer-target.ts";

const hosts = { isOurs: (host: string) => host.endsWith("tandem.test") || host === "198.51.100.1" };

function read(...values: string[]): ReferTargetResult {
  const headerFields = values.map((value) => ["Refer-To", value] as const);
  return referTarget(parsedRequest(request("REFER", { headerFields })), hosts);
}

test("numbers: tel URIs, and users at one of our names or addresses", () => {
  for (const value of [
    "<tel:+1-555-123-4567>",
    "tel:+15551234567",
    "<sip:+15551234567@acme.pstn.tandem.test>",
    "<sip:%2B15551234567;x=y@198.51.100.1:5060;transport=tcp>",
  ]) {
    const target = { kind: "number", dialled: "+15551234567", replaces: undefined };
    assert.deepEqual(read(value), { ok: true, target }, value);
  }
});

test("URIs elsewhere, without what is ours to choose", () => {
  const result = read(
    '"Carol" <sip:carol@sbc.example.com:5070;transport=tls;edge=ashburn;srtp=dtls;ice=full?X-a=b>;x=y',
  );
  assert.ok(result.ok && result.target.kind === "uri");
  assert.deepEqual(result.target, {
    kind: "uri",
    uri: {
      host: "sbc.example.com",
      port: 5070,
      user: "carol",
      transport: "TLS",
      edge: undefined,
      tnx: undefined,
      srtp: undefined,
      ice: undefined,
      headers: [],
      omittedHeaders: [],
    },
    url: "sip:carol@sbc.example.com:5070;transport=tls;edge=ashburn;srtp=dtls;ice=full",
    replaces: undefined,
  });
});

test("a call to take the place of (RFC 3891)", () => {
  const replaces = { callId: "a@b", toTag: "1", fromTag: "2", isEarlyOnly: false };
  const ours = read("<sip:198.51.100.1:5060?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>");
  assert.deepEqual(ours, { ok: true, target: { kind: "number", dialled: "", replaces } });
  const theirs = read("<sip:carol@192.0.2.9?REPLACES=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&X-a=b>");
  assert.ok(theirs.ok);
  assert.deepEqual(theirs.target.replaces, replaces);
});

test("what can't be obeyed says why", () => {
  const table: readonly (readonly [status: number, values: readonly string[]])[] = [
    [400, []],
    [400, ["<sip:a@b.example>", "<sip:c@d.example>"]],
    [400, ["<sip:a@b.example>, <sip:c@d.example>"]],
    [400, ["<sip:a@b.example"]],
    [400, ["<sip:>"]],
    [400, ["<sip:carol@192.0.2.9?Replaces=a>"]],
    [400, ["<sip:carol@192.0.2.9?=>"]],
    [400, ["<sip:carol@192.0.2.9;transport=sctp>"]],
    [416, ["<http://example.com>"]],
    [501, ["<sip:carol@192.0.2.9;method=SUBSCRIBE>"]],
  ];
  for (const [status, values] of table) {
    const result = read(...values);
    assert.equal(result.ok ? 200 : result.statusCode, status, values.join());
  }
  assert.equal(read("<sip:carol@192.0.2.9;method=invite>").ok, true);
});
