import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { type CallParts, originationCall, terminationCall } from "../testing/call-of.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { callerIdentity } from "./caller-identity.ts";

const from = (value: string): CallParts => ({ from: value });
const fields = (...headerFields: [string, string][]): CallParts => ({ headerFields });
const preferred = (value: string): [string, string] => ["P-Preferred-Identity", value];
const anonymous = from("<sip:anonymous@anonymous.invalid>");

const termination: readonly (readonly [rule: string, parts: CallParts, calling: string | undefined])[] = [
  ["the user of From", from("<sip:+15550001111@acme.example>"), "+15550001111"],
  ["a tel URI in From", from("<tel:+15550001111>"), "+15550001111"],
  [
    "parameters of the number do not count",
    from("<sip:+15550001111;verstat=No@acme.example>"),
    "+15550001111",
  ],
  ["an escaped plus", from("<sip:%2B15550001111@acme.example>"), "+15550001111"],
  ["no plus, no number", from("<sip:15550001111@acme.example>"), undefined],
  ["no number at all", anonymous, undefined],
  ["no user at all", from("<sip:acme.example>"), undefined],
  [
    "From wins over the others",
    { ...from("<sip:+15550001111@a>"), ...fields(["P-Asserted-Identity", "<sip:+15550002222@a>"]) },
    "+15550001111",
  ],
  [
    "Remote-Party-ID where From has none",
    { ...anonymous, ...fields(["Remote-Party-ID", "<sip:+15550002222@a>;party=calling"]) },
    "+15550002222",
  ],
  [
    "Remote-Party-ID wins over P-Asserted-Identity",
    {
      ...anonymous,
      ...fields(["P-Asserted-Identity", "<sip:+15550003333@a>"], ["Remote-Party-ID", "<sip:+15550002222@a>"]),
    },
    "+15550002222",
  ],
  [
    "a Remote-Party-ID of the called party is not the caller's",
    {
      ...anonymous,
      ...fields(["Remote-Party-ID", "<sip:+15550009999@a>;party=called, <sip:+15550002222@a>;party=calling"]),
    },
    "+15550002222",
  ],
  [
    "and names nobody alone",
    { ...anonymous, ...fields(["Remote-Party-ID", "<sip:+15550009999@a>;party=called"]) },
    undefined,
  ],
  ["a tel URI with visual separators", from("<TEL:+1-(555)-000.1111>"), "+15550001111"],
  ["a SIP URI has none", from("<sip:+1-555-000-1111@a>"), undefined],
  [
    "P-Asserted-Identity last, its first value",
    { ...anonymous, ...fields(["P-Asserted-Identity", "<sip:+15550003333@a>, <tel:+15550004444>"]) },
    "+15550003333",
  ],
  [
    "a local number is none (RFC 3966 §5.1.5), and the next source counts",
    {
      ...from("<tel:5550199;phone-context=+3105550>"),
      ...fields(["P-Asserted-Identity", "<sip:+15550003333@a>"]),
    },
    "+15550003333",
  ],
  ["a local number alone", from("<sip:0199;phone-context=+31@a;user=phone>"), undefined],
  [
    "nor is one in P-Asserted-Identity",
    { ...anonymous, ...fields(["P-Asserted-Identity", "<tel:5550199;phone-context=+3105550>"]) },
    undefined,
  ],
  [
    "nor in Remote-Party-ID",
    { ...anonymous, ...fields(["Remote-Party-ID", "<sip:0199;phone-context=+31@a>"]) },
    undefined,
  ],
  ["a context of a global number says nothing", from("<tel:+15550001111;phone-context=+31>"), "+15550001111"],
  [
    "P-Preferred-Identity where nobody is asserted",
    { ...anonymous, ...fields(["Privacy", "id"], preferred("<sip:alice@a>, <tel:+1-555-000-4444>")) },
    "+15550004444",
  ],
  [
    "From wins over what is preferred",
    { ...from("<sip:+15550001111@a>"), ...fields(preferred("<sip:+15550004444@a>")) },
    "+15550001111",
  ],
  [
    "who asserts an identity prefers none, though that is no number",
    { ...anonymous, ...fields(["P-Asserted-Identity", "<sip:alice@a>"], preferred("<sip:+15550004444@a>")) },
    undefined,
  ],
  [
    "a plus may not be left out of what is preferred",
    { ...anonymous, ...fields(preferred("<sip:15550004444@a>")) },
    undefined,
  ],
  [
    "one that can't be read is none",
    { ...anonymous, ...fields(["P-Asserted-Identity", "<sip:+1555"]) },
    undefined,
  ],
  [
    "a plus may not be left out there either",
    { ...anonymous, ...fields(["P-Asserted-Identity", "<sip:15550003333@a>"]) },
    undefined,
  ],
];

for (const [rule, parts, calling] of termination) {
  test(`calling number of termination: ${rule}`, () => {
    const call = terminationCall(parts);
    const verdict = callerIdentity(call);
    if (calling === undefined) {
      assert.equal(assertRefused(verdict, reasons.invalidCallerId).reason.statusCode, 403);
    } else {
      assertPasses(verdict);
      assert.equal(call.callingNumber, calling);
    }
  });
}

test("the source of the number is told", () => {
  assertPasses(callerIdentity(terminationCall()), "calling number +15550001111 from From");
});

const remoteParty = "Remote-Party-ID";
const asserted = (value: string): [string, string] => ["P-Asserted-Identity", value];

const origination: readonly (readonly [rule: string, parts: CallParts, calling: string])[] = [
  [
    "P-Asserted-Identity wins",
    { ...from("<sip:switchboard@b>"), ...fields(asserted("<sip:+442071838750@b>")) },
    "+442071838750",
  ],
  [
    "the number of P-Asserted-Identity may be in its tel URI",
    { ...from("<sip:x@b>"), ...fields(asserted("<sip:alice@b>, <tel:+44-20-7183-8750>")) },
    "+442071838750",
  ],
  [
    "or in a row of its own",
    { ...from("<sip:x@b>"), ...fields(asserted("<sip:+1"), asserted("<tel:+442071838750;cpc=ordinary>")) },
    "+442071838750",
  ],
  [
    "a local number is passed on with its context, and nothing is put before it (RFC 3966 §5.1.5)",
    from("<tel:5550199;phone-context=+3105550>"),
    "5550199;phone-context=+3105550",
  ],
  [
    "so is that of a SIP URI",
    from("<sip:2025550199;phone-context=+1@b;user=phone>"),
    "2025550199;phone-context=+1",
  ],
  [
    "one that is asserted is no number, and From counts",
    fields(asserted("<tel:2025550199;phone-context=+1>")),
    "+442071838750",
  ],
  ["a tel URI that is no number", from("<tel:0199>"), "0199"],
  ["a plus may be left out", fields(asserted("<sip:442071838750@b>")), "+442071838750"],
  ["From without it", from("<sip:442071838750@b>"), "+442071838750"],
  ["a leading zero is no country code", from("<sip:02071838750@b>"), "02071838750"],
  ["what is no number is passed on", anonymous, "anonymous"],
  ["without its escapes", from("<sip:front%20desk@b>"), "front desk"],
  ["nobody at all", from("<sip:b>"), "anonymous"],
  [
    "a carrier prefers nobody",
    { ...anonymous, ...fields(["Privacy", "none"], preferred("<sip:+4420@b>")) },
    "anonymous",
  ],
  ["an unreadable P-Asserted-Identity is none", fields(asserted("<sip:+1")), "+442071838750"],
  ["Privacy: none hides nothing", fields(["Privacy", "none"]), "+442071838750"],
  ["Privacy: session is not about the number", fields(["Privacy", "session"]), "+442071838750"],
  [
    "Privacy: id hides what is asserted",
    fields(asserted("<sip:+442071838750@b>"), ["Privacy", "id"]),
    "anonymous",
  ],
  ["Privacy: user", fields(["Privacy", "user;critical"]), "anonymous"],
  ["Privacy: header", fields(["Privacy", "Header, none"]), "anonymous"],
  ["a Privacy that can't be read was meant for something", fields(["Privacy", "id;;"]), "anonymous"],
  ["a second row of Privacy counts", fields(["Privacy", "session"], ["Privacy", "id"]), "anonymous"],
  [
    "a From that is anonymous hides what is asserted",
    { ...from("<sip:anonymous@Anonymous.Invalid>"), ...fields(asserted("<sip:+442071838750@b>")) },
    "anonymous",
  ],
  [
    "but not against Privacy: none",
    { ...anonymous, ...fields(asserted("<sip:+442071838750@b>"), ["Privacy", "none"]) },
    "+442071838750",
  ],
  [
    "a Remote-Party-ID of the caller with full privacy",
    fields([remoteParty, "<sip:+441@b>;party=called;privacy=off, <sip:+442071838750@b>;privacy=Full"]),
    "anonymous",
  ],
  ["one that hides the number", fields([remoteParty, "<sip:+442071838750@b>;privacy=uri"]), "anonymous"],
  ["one that hides nothing", fields([remoteParty, "<sip:+442071838750@b>;privacy=off"]), "+442071838750"],
  ["one that hides the name only", fields([remoteParty, "<sip:+4420@b>;privacy=name"]), "+442071838750"],
  [
    "one of the called party hides nobody",
    fields([remoteParty, "<sip:+4420@b>;party=called;privacy=full"]),
    "+442071838750",
  ],
];

for (const [rule, parts, calling] of origination) {
  test(`calling number of origination: ${rule}`, () => {
    const call = originationCall(parts);
    assertPasses(callerIdentity(call));
    assert.equal(call.callingNumber, calling);
  });
}

test("the display name goes along, but not that of a caller who asked for privacy", () => {
  const named = from('"Zoe" <sip:+15550001111@a>');
  const customer = terminationCall(named);
  callerIdentity(customer);
  assert.equal(customer.callerDisplayName, "Zoe");
  const carrier = originationCall(named);
  callerIdentity(carrier);
  assert.equal(carrier.callerDisplayName, "Zoe");
  const hidden = originationCall({ ...named, ...fields(["Privacy", "id"]) });
  callerIdentity(hidden);
  assert.equal(hidden.callerDisplayName, undefined);
});

test("a customer's Privacy does not keep us from knowing who calls", () => {
  const call = terminationCall(fields(["Privacy", "id"]));
  assertPasses(callerIdentity(call));
  assert.equal(call.callingNumber, "+15550001111");
});
