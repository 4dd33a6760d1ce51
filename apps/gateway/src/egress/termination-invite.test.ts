import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCandidateUri } from "@tandem/routing";
import { type CallParts, terminationCall } from "../testing/call-of.ts";
import { terminationInvite } from "./termination-invite.ts";

function inviteOf(parts: CallParts = {}, url = "sip:203.0.113.7:5060"): ReturnType<typeof terminationInvite> {
  const call = terminationCall(parts);
  call.calledNumber = "+15557654321";
  call.callingNumber = "+15550001111";
  const from = call.request.from();
  call.callerDisplayName = from.ok ? from.value.displayName : undefined;
  const uri = parseCandidateUri(url);
  assert.ok(uri.ok);
  return terminationInvite(call, uri.value);
}

const rows = (invite: ReturnType<typeof terminationInvite>): string[] =>
  invite.headerFields.rows().map(({ name, value }) => `${name}: ${value}`);

test("the carrier gets the called number, our identity of the caller, and nothing of the customer's network", () => {
  const invite = inviteOf({ from: '"Zoe" <sip:+15550001111@10.0.0.9>' });
  assert.deepEqual(
    { requestUri: invite.requestUri, from: invite.from, to: invite.to, rows: rows(invite) },
    {
      requestUri: "sip:+15557654321@203.0.113.7:5060",
      from: '"Zoe" <sip:+15550001111@tandem.test>',
      to: "<sip:+15557654321@203.0.113.7>",
      rows: ["P-Asserted-Identity: <sip:+15550001111@tandem.test>"],
    },
  );
});

test("the transport of the gateway's URL stands in the Request-URI", () => {
  assert.equal(
    inviteOf({}, "sip:carrier.example;transport=tcp").requestUri,
    "sip:+15557654321@carrier.example;transport=tcp",
  );
});

test("what the customer asserts is replaced, its unknown header fields pass, ours can't be forged", () => {
  const invite = inviteOf({
    headerFields: [
      ["P-Asserted-Identity", "<sip:+19990000000@evil>"],
      ["Remote-Party-ID", "<sip:+19990000000@evil>"],
      ["X-Anything", "yes"],
      ["X-Tandem-AccountSid", "AC666"],
      ["X-Twilio-CallSid", "CA666"],
      ["User-to-User", "abc;encoding=hex"],
    ],
  });
  assert.deepEqual(rows(invite), [
    "X-Anything: yes",
    "User-to-User: abc;encoding=hex",
    "P-Asserted-Identity: <sip:+15550001111@tandem.test>",
  ]);
});

for (const privacy of ["id", "user", "header", "id;critical", "critical, ID"]) {
  test(`Privacy: ${privacy} makes From anonymous; the carrier is told who calls all the same (RFC 3325 §7)`, () => {
    const invite = inviteOf({ from: '"Zoe" <sip:+15550001111@a>', headerFields: [["Privacy", privacy]] });
    assert.equal(invite.from, '"Anonymous" <sip:anonymous@anonymous.invalid>');
    assert.deepEqual(rows(invite), [
      `Privacy: ${privacy}`,
      "P-Asserted-Identity: <sip:+15550001111@tandem.test>",
    ]);
  });
}

const otherwiseAnonymous: readonly [how: string, parts: CallParts, privacy: string][] = [
  ["an anonymous From", { from: "<sip:anonymous@anonymous.invalid>" }, "id"],
  [
    "a Remote-Party-ID with full privacy",
    { headerFields: [["Remote-Party-ID", "<sip:+15550001111@a>;party=calling;privacy=full"]] },
    "id",
  ],
  [
    "either beside other wishes",
    {
      from: "<sip:anonymous@anonymous.invalid>",
      headerFields: [
        ["Privacy", "session"],
        ["Privacy", "history"],
      ],
    },
    "session;history;id",
  ],
];
for (const [how, parts, privacy] of otherwiseAnonymous) {
  test(`${how} makes From anonymous, and the carrier is told that what we assert is private`, () => {
    const invite = inviteOf(parts);
    assert.equal(invite.from, '"Anonymous" <sip:anonymous@anonymous.invalid>');
    assert.deepEqual(rows(invite), [
      `Privacy: ${privacy}`,
      "P-Asserted-Identity: <sip:+15550001111@tandem.test>",
    ]);
  });
}

test("privacy of the user takes away what else tells who calls, but not from a call for help", () => {
  const headerFields = [
    ["Privacy", "user"],
    ["Organization", "Acme"],
  ] as const;
  assert.equal(inviteOf({ headerFields }).headerFields.has("Organization"), false);
  const call = terminationCall({ headerFields });
  call.isEmergency = true;
  const uri = parseCandidateUri("sip:203.0.113.7");
  assert.ok(uri.ok);
  assert.equal(terminationInvite(call, uri.value).headerFields.has("Organization"), true);
});

test("Privacy: none is taken at its word, whatever the From is", () => {
  const invite = inviteOf({ from: "<sip:anonymous@anonymous.invalid>", headerFields: [["Privacy", "none"]] });
  assert.equal(invite.from, "<sip:+15550001111@tandem.test>");
  assert.deepEqual(invite.headerFields.values("Privacy"), ["none"]);
});

for (const privacy of ["none", "session", "idle"]) {
  test(`Privacy: ${privacy} leaves From as it is`, () => {
    assert.equal(inviteOf({ headerFields: [["Privacy", privacy]] }).from, "<sip:+15550001111@tandem.test>");
  });
}

test("each Diversion passes, unless it claims a number of ours that is not the account's", () => {
  const invite = inviteOf({
    headerFields: [
      ["Diversion", "<sip:+15550003333@tandem.test>, <sip:+15550001111@tandem.test>;reason=no-answer"],
      ["Diversion", "<sip:+15558888888@pbx.example>"],
    ],
  });
  assert.deepEqual(invite.headerFields.values("Diversion"), [
    "<sip:+15550001111@tandem.test>;reason=no-answer",
    "<sip:+15558888888@pbx.example>",
  ]);
});

test("header fields of the gateway's URL are added", () => {
  const invite = inviteOf({}, "sip:carrier.example?X-Route=gold");
  assert.equal(invite.headerFields.value("X-Route"), "gold");
});
