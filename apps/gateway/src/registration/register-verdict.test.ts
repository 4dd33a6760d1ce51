import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedResponse } from "@tandem/sip/testing";
import {
  longestExpiresSeconds,
  maximumAnswers,
  type RegisterFacts,
  type RegisterVerdict,
  verdictOn,
} from "./register-verdict.ts";

const facts: RegisterFacts = {
  contactUri: "sip:trunk7@198.51.100.1:5060",
  requestedSeconds: 600,
  hasCredentials: true,
  usedNonce: undefined,
  answeredChallenges: 0,
  hasRaised: false,
};

function verdict(
  statusCode: number,
  rows: readonly string[],
  changes: Partial<RegisterFacts> = {},
): RegisterVerdict {
  const text = [
    `SIP/2.0 ${statusCode} Phrase`,
    "Via: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK1",
    "From: <sip:trunk7@carrier.example>;tag=a",
    "To: <sip:trunk7@carrier.example>;tag=b",
    "Call-ID: c",
    "CSeq: 1 REGISTER",
    ...rows,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  return verdictOn(parsedResponse(text), { ...facts, ...changes });
}

const ours = "<sip:trunk7@198.51.100.1:5060>";
const granted: readonly (readonly [rule: string, rows: readonly string[], seconds: number | undefined])[] = [
  ["expires of our binding", [`Contact: ${ours};expires=120`, "Expires: 300"], 120],
  [
    "of ours among others",
    [`Contact: <sip:trunk7@192.0.2.1>;expires=50, ${ours};expires=120, <sip:x@192.0.2.2>;expires=60`],
    120,
  ],
  ["the only one, though rewritten", ["Contact: <sip:trunk7@203.0.113.99:1024>;expires=90"], 90],
  [
    "several of others and an Expires",
    ["Contact: <sip:a@b>;expires=90, <sip:c@d>;expires=91", "Expires: 300"],
    300,
  ],
  ["the header field without a parameter", [`Contact: ${ours}`, "Expires: 300"], 300],
  ["what was asked for when nobody says", [`Contact: ${ours}`], 600],
  ["and without Contact", [], 600],
  ["an unreadable expires is none", [`Contact: ${ours};expires=soon`, "Expires: 300"], 300],
  ["0 is no binding", [`Contact: ${ours};expires=0`], undefined],
  ["a week at most", [`Contact: ${ours};expires=4294967295`], longestExpiresSeconds],
];

for (const [rule, rows, seconds] of granted) {
  test(`granted time: ${rule}`, () => {
    const expected =
      seconds === undefined
        ? { kind: "failed", text: "the registrar keeps no binding of ours", retryAfterSeconds: 0 }
        : { kind: "registered", grantedSeconds: seconds };
    assert.deepEqual(verdict(200, rows), expected);
  });
}

const challenge = (nonce: string, more = ""): string => `Digest realm="r",nonce="${nonce}",qop="auth"${more}`;
const www = (nonce: string, more = ""): string[] => [`WWW-Authenticate: ${challenge(nonce, more)}`];

test("a challenge is answered: 401 and 407 each by their own header fields", () => {
  const of401 = verdict(401, www("n1"));
  assert.ok(of401.kind === "authenticate");
  assert.deepEqual([of401.challenge.nonce, of401.isProxy], ["n1", false]);
  const of407 = verdict(407, [`Proxy-Authenticate: ${challenge("n2")}`]);
  assert.ok(of407.kind === "authenticate");
  assert.deepEqual([of407.challenge.nonce, of407.isProxy], ["n2", true]);
  assert.equal(verdict(407, www("n1")).kind, "failed");
});

test("the strongest challenge is taken", () => {
  const found = verdict(401, [...www("md5"), `WWW-Authenticate: ${challenge("sha", ",algorithm=SHA-256")}`]);
  assert.equal(found.kind === "authenticate" && found.challenge.nonce, "sha");
});

const answers: readonly (readonly [
  rule: string,
  rows: string[],
  changes: Partial<RegisterFacts>,
  isAnswered: boolean,
])[] = [
  ["credentials of an earlier round, and a new nonce", www("n2"), { usedNonce: "n1" }, true],
  ["the nonce that was used already: the password is wrong", www("n1"), { usedNonce: "n1" }, false],
  [
    "a new nonce after an answer: the password is wrong",
    www("n2"),
    { usedNonce: "n1", answeredChallenges: 1 },
    false,
  ],
  [
    "a stale nonce after an answer",
    www("n2", ",stale=true"),
    { usedNonce: "n1", answeredChallenges: 1 },
    true,
  ],
  [
    "a stale nonce that is the same",
    www("n1", ",stale=true"),
    { usedNonce: "n1", answeredChallenges: 1 },
    false,
  ],
  [
    "stale once more than it may happen",
    www("n9", ",stale=true"),
    { usedNonce: "n8", answeredChallenges: maximumAnswers },
    false,
  ],
  [
    "stale as often as it may happen",
    www("n9", ",stale=true"),
    { usedNonce: "n8", answeredChallenges: maximumAnswers - 1 },
    true,
  ],
];

for (const [rule, rows, changes, isAnswered] of answers) {
  test(`a challenge: ${rule}`, () => {
    const found = verdict(401, rows, changes);
    if (isAnswered) assert.equal(found.kind, "authenticate");
    else assert.deepEqual(found, failed("401: the registrar does not accept the credentials"));
  });
}

function failed(text: string, retryAfterSeconds = 0): RegisterVerdict {
  return { kind: "failed", text, retryAfterSeconds };
}

test("a challenge without credentials, or that can't be answered, is a failure", () => {
  assert.deepEqual(
    verdict(401, www("n1"), { hasCredentials: false }),
    failed("401 and there are no credentials"),
  );
  assert.deepEqual(verdict(401, []), failed("401 without a usable challenge"));
});

const briefs: readonly (readonly [
  rows: string[],
  changes: Partial<RegisterFacts>,
  seconds: number | undefined,
])[] = [
  [["Min-Expires: 1800"], {}, 1800],
  [["Min-Expires: 601"], {}, 601],
  [["Min-Expires: 600"], {}, undefined],
  [["Min-Expires: 1800"], { hasRaised: true }, undefined],
  [["Min-Expires: never"], {}, undefined],
  [[`Min-Expires: ${longestExpiresSeconds}`], {}, longestExpiresSeconds],
  [[`Min-Expires: ${longestExpiresSeconds + 1}`], {}, undefined],
  [[], {}, undefined],
];

for (const [rows, changes, seconds] of briefs) {
  test(`423 with ${rows[0] ?? "nothing"}${changes.hasRaised === true ? " a second time" : ""}`, () => {
    const expected =
      seconds === undefined ? failed("423 without a usable Min-Expires") : { kind: "raise", seconds };
    assert.deepEqual(verdict(423, rows, changes), expected);
  });
}

test("everything else is a failure; Retry-After is believed for an hour", () => {
  assert.deepEqual(verdict(403, []), failed("403 Phrase"));
  assert.deepEqual(verdict(300, []), failed("300 Phrase"));
  assert.deepEqual(verdict(302, ["Contact: <sip:elsewhere>"]), failed("302 Phrase"));
  assert.deepEqual(verdict(503, ["Retry-After: 3600"]), failed("503 Phrase", 3600));
  assert.deepEqual(verdict(503, ["Retry-After: 3601"]), failed("503 Phrase", 3600));
});

test("our binding is found by the rules for URIs, not by its letters (RFC 3261 §10.2.4, §19.1.4)", () => {
  const written = "SIP:%74runk7@198.51.100.1:5060";
  const rows = [`Contact: <sip:trunk7@192.0.2.1>;expires=50, <${written}>;expires=120`];
  assert.deepEqual(verdict(200, rows), { kind: "registered", grantedSeconds: 120 });
  // A user part compares with case: that one is somebody else's.
  const others = ["Contact: <sip:a@192.0.2.1>;expires=50, <sip:TRUNK7@198.51.100.1:5060>;expires=120"];
  assert.deepEqual(verdict(200, others), { kind: "registered", grantedSeconds: 600 });
});
