import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, parsedResponse, request, responseTo } from "@tandem/sip/testing";
import {
  agreementFor,
  agreementIn,
  allowsUpdate,
  defaultSessionPolicy,
  isTooSmall,
  minSeIn,
  type SessionAgreement,
} from "./session-interval.ts";

type Fields = readonly (readonly [string, string])[];
const supported = ["Supported", "timer"] as const;

function asked(headerFields: Fields): ReturnType<typeof parsedRequest> {
  return parsedRequest(request("INVITE", { headerFields }));
}

function expires(value: string): readonly [string, string] {
  return ["Session-Expires", value];
}

test("what we agree to (RFC 4028 §9, table 2)", () => {
  const policy = { intervalSeconds: 1800, minimumSeconds: 90 };
  const agreed = (intervalSeconds: number, weRefresh: boolean, isPeerAware = true): SessionAgreement => ({
    intervalSeconds,
    weRefresh,
    isPeerAware,
  });
  const table: [rule: string, Fields, weRefreshNow: boolean, SessionAgreement | undefined][] = [
    ["nobody wants one", [], false, undefined],
    ["the peer only knows it: it refreshes", [supported], false, agreed(1800, false)],
    ["the peer asks for less", [supported, expires("600")], false, agreed(600, false)],
    ["the peer asks for more", [supported, expires("7200")], false, agreed(1800, false)],
    ["the peer refreshes", [supported, expires("600;refresher=uac")], true, agreed(600, false)],
    ["the peer wants us to", [supported, expires("600;refresher=uas")], false, agreed(600, true)],
    ["who refreshes goes on", [supported, expires("600")], true, agreed(600, true)],
    ["Min-SE above ours", [supported, expires("2400"), ["Min-SE", "2000"]], false, agreed(2000, false)],
    ["Min-SE without an interval", [supported, ["Min-SE", "3600"]], false, agreed(3600, false)],
    ["required is known", [["Require", "timer"], expires("600")], false, agreed(600, false)],
    ["a proxy wants one", [expires("600;refresher=uac")], false, agreed(600, true, false)],
    ["a proxy's is too small, and nobody understands 422", [expires("60")], false, agreed(90, true, false)],
    ["what can't be read is none", [expires("soon")], false, undefined],
    ["an absurd Min-SE", [supported, ["Min-SE", "4000000"]], false, agreed(86_400, false)],
  ];
  for (const [rule, fields, weRefreshNow, expected] of table) {
    assert.deepEqual(agreementFor(asked(fields), policy, weRefreshNow), expected, rule);
  }
});

test("an interval below our Min-SE is too small, for a peer that understands it", () => {
  const policy = { intervalSeconds: 1800, minimumSeconds: 120 };
  assert.equal(isTooSmall(asked([supported, expires("119")]), policy), true);
  assert.equal(isTooSmall(asked([supported, expires("120")]), policy), false);
  assert.equal(isTooSmall(asked([expires("119")]), policy), false);
  assert.equal(isTooSmall(asked([supported]), policy), false);
  assert.deepEqual(defaultSessionPolicy, { intervalSeconds: 1800, minimumSeconds: 90 });
});

test("what a 2xx agrees to (RFC 4028 §7.2)", () => {
  const said = (headerFields: Fields): SessionAgreement | undefined =>
    agreementIn(parsedResponse(responseTo(request("INVITE"), 200, { headerFields })));
  const agreed = (intervalSeconds: number, weRefresh: boolean): SessionAgreement => ({
    intervalSeconds,
    weRefresh,
    isPeerAware: true,
  });
  assert.equal(said([]), undefined);
  assert.deepEqual(said([expires("600;refresher=uac")]), agreed(600, true));
  assert.deepEqual(said([expires("600;refresher=uas")]), agreed(600, false));
  assert.deepEqual(said([expires("600")]), agreed(600, true));
  assert.deepEqual(said([expires("5;refresher=uac")]), agreed(90, true));
  assert.deepEqual(said([expires("4000000;refresher=uac")]), agreed(86_400, true));
});

test("Min-SE and Allow", () => {
  assert.equal(minSeIn(asked([["Min-SE", "120"]])), 120);
  assert.equal(minSeIn(asked([["Min-SE", "x"]])), undefined);
  assert.equal(minSeIn(asked([])), undefined);
  assert.equal(
    allowsUpdate(
      asked([
        ["Allow", "INVITE, ACK"],
        ["Allow", "BYE, UPDATE"],
      ]),
    ),
    true,
  );
  assert.equal(allowsUpdate(asked([["Allow", "INVITE, UPDATES"]])), false);
});
