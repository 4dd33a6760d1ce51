import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCandidateUri } from "@tandem/routing";
import type { CallContext } from "../pipeline/call-context.ts";
import { type CallParts, originationCallOnTrunk } from "../testing/call-of.ts";
import { exampleTrunk } from "../testing/example-snapshot.ts";
import { originationInvite } from "./origination-invite.ts";

function inviteOf(
  parts: CallParts = {},
  url = "sip:pbx.example:5080",
  prepare: (call: CallContext) => void = () => {},
): ReturnType<typeof originationInvite> {
  const call = originationCallOnTrunk(parts);
  prepare(call);
  const uri = parseCandidateUri(url);
  assert.ok(uri.ok);
  return originationInvite(call, uri.value, "CA0123");
}

const rows = (invite: ReturnType<typeof originationInvite>): string[] =>
  invite.headerFields.rows().map(({ name, value }) => `${name}: ${value}`);

const own = [
  "Diversion: <sip:+15550001111@tandem.test>;reason=unconditional",
  "P-Asserted-Identity: <sip:+442071838750@tandem.test>",
  "X-Tandem-AccountSid: AC1",
  "X-Tandem-CallSid: CA0123",
];

test("the customer gets the dialled number, the caller, its SIDs, and nothing of the carrier's network", () => {
  const invite = inviteOf({
    from: "<sip:+442071838750@10.9.8.7>",
    headerFields: [["P-Asserted-Identity", "<sip:+442071838750@10.9.8.7>"]],
  });
  assert.deepEqual(
    { requestUri: invite.requestUri, from: invite.from, to: invite.to, rows: rows(invite) },
    {
      requestUri: "sip:+15550001111@pbx.example:5080",
      from: "<sip:+442071838750@acme.pstn.tandem.test>",
      to: "<sip:+15550001111@pbx.example:5080>",
      rows: own,
    },
  );
});

test("a caller with a local number keeps its context in From, and is not asserted (RFC 3966 §5.1.5)", () => {
  const invite = inviteOf({}, "sip:pbx.example", (call) => {
    call.callingNumber = "0199;phone-context=+31";
  });
  assert.equal(invite.from, "<sip:0199;phone-context=+31@acme.pstn.tandem.test>");
  assert.ok(!invite.headerFields.has("P-Asserted-Identity"));
});

test("what a header policy made of the numbers is shown; in Diversion the dialled one stands", () => {
  const rewrite = (call: CallContext): void => {
    call.rewritten = { to: "5550001111#", from: "00442071838750" };
  };
  const invite = inviteOf({}, "sip:pbx.example", rewrite);
  assert.equal(invite.requestUri, "sip:5550001111%23@pbx.example");
  assert.equal(invite.to, "<sip:5550001111%23@pbx.example>");
  assert.equal(invite.from, "<sip:00442071838750@acme.pstn.tandem.test>");
  assert.deepEqual(rows(invite).slice(0, 2), [
    "Diversion: <sip:+15550001111@tandem.test>;reason=unconditional",
    "P-Asserted-Identity: <sip:00442071838750@tandem.test>",
  ]);
  assert.equal(inviteOf({}, "sip:anniebp@pbx.example", rewrite).requestUri, "sip:anniebp@pbx.example");
});

test("a URL with a user of its own keeps it; the dialled number is in Diversion", () => {
  const invite = inviteOf({}, "sip:anniebp@pbx.example");
  assert.equal(invite.requestUri, "sip:anniebp@pbx.example");
  assert.deepEqual(rows(invite), own);
});

test("the transport goes along, in To as well; edge and tnx do not", () => {
  const invite = inviteOf({}, "sip:pbx.example;transport=tls;edge=ashburn-ix");
  assert.equal(invite.requestUri, "sip:+15550001111@pbx.example;transport=tls");
  assert.equal(invite.to, "<sip:+15550001111@pbx.example;transport=tls>");
});

test("a trunk without a name calls from the base domain", () => {
  const invite = inviteOf({ snapshot: { trunks: [exampleTrunk({ domainLabel: null })] } });
  assert.equal(invite.from, "<sip:+442071838750@tandem.test>");
});

test("an account of the reference system gets its names", () => {
  const accounts = [{ sid: "AC1", status: "active" as const, compatibility: "twilio" as const }];
  assert.deepEqual(rows(inviteOf({ snapshot: { accounts } })).slice(2), [
    "X-Twilio-AccountSid: AC1",
    "X-Twilio-CallSid: CA0123",
  ]);
});

test("a carrier's Diversions follow ours", () => {
  const invite = inviteOf({
    headerFields: [
      ["Diversion", "<sip:+449999@b>;reason=user-busy, <sip:+447@b>;privacy=full, <sip:+448888@b>"],
    ],
  });
  assert.deepEqual(invite.headerFields.values("Diversion"), [
    "<sip:+15550001111@tandem.test>;reason=unconditional",
    "<sip:+449999@b>;reason=user-busy",
    "<sip:+448888@b>",
  ]);
});

test("a caller who is no number is asserted by nobody, and escaped", () => {
  const invite = inviteOf({}, undefined, (call) => {
    call.callingNumber = "front desk@x";
  });
  assert.equal(invite.from, "<sip:front%20desk%40x@acme.pstn.tandem.test>");
  assert.equal(invite.headerFields.has("P-Asserted-Identity"), false);
});

test("the display name goes along", () => {
  const invite = inviteOf({}, undefined, (call) => {
    call.callerDisplayName = 'Zoe "Z"';
  });
  assert.equal(invite.from, '"Zoe \\"Z\\"" <sip:+442071838750@acme.pstn.tandem.test>');
});

test("a PASSporT passes, but not that of a caller who asked for privacy", () => {
  const identity = ["Identity", "abc.def.ghi;info=<https://c.example>"] as const;
  assert.equal(inviteOf({ headerFields: [identity] }).headerFields.has("Identity"), true);
  const hidden = inviteOf({ headerFields: [identity, ["Privacy", "id"]] });
  assert.equal(hidden.headerFields.has("Identity"), false);
  assert.equal(hidden.headerFields.value("Privacy"), "id");
});

test("a caller who asked for privacy by another header field has it in Privacy, and no PASSporT", () => {
  const hidden = inviteOf({
    headerFields: [
      ["Identity", "abc.def.ghi"],
      ["Remote-Party-ID", "<sip:+442071838750@b>;privacy=full"],
    ],
  });
  assert.equal(hidden.headerFields.has("Identity"), false);
  assert.equal(hidden.headerFields.value("Privacy"), "id");
  assert.equal(hidden.headerFields.has("Remote-Party-ID"), false);
});

test("privacy of the user takes away what else tells who calls", () => {
  const hidden = inviteOf({
    headerFields: [
      ["Privacy", "user"],
      ["Reply-To", "<sip:+442071838750@b>"],
    ],
  });
  assert.equal(hidden.headerFields.has("Reply-To"), false);
});

test("Privacy: none and unknown header fields pass, forged ones of ours do not", () => {
  const invite = inviteOf({
    headerFields: [
      ["Privacy", "none"],
      ["P-Early-Media", "supported"],
      ["X-Tandem-CallSid", "CA666"],
    ],
  });
  assert.deepEqual(rows(invite), ["Privacy: none", "P-Early-Media: supported", ...own]);
});

test("header fields of the URL are added, ours can't be set there", () => {
  const invite = inviteOf({}, "sip:pbx.example?X-Queue=sales%20eu&X-Tandem-CallSid=CA666");
  assert.deepEqual(rows(invite), [...own, "X-Queue: sales eu"]);
});
