import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotTrunk } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { answerChallenge, parseChallenge } from "@tandem/sip/digest";
import {
  type CallParts,
  type StageServicesDouble,
  stageServices,
  terminationCall,
} from "../testing/call-of.ts";
import { addresses, exampleTrunk, password, trunkHost } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { authentication } from "./authentication.ts";
import type { Verdict } from "./verdict.ts";

const both = { credentialListSids: ["CL1"] };
const onlyPassword = { ...both, ipAccessControlListSids: [] };
const requestUri = `sip:+15557654321@${trunkHost}`;

function run(trunk: Partial<SnapshotTrunk>, parts: CallParts = {}, services = stageServices()): Verdict {
  return authentication(terminationCall({ ...parts, snapshot: { trunks: [exampleTrunk(trunk)] } }), services);
}

const fromStranger = { flow: { remoteAddress: addresses.stranger } };

function challengesOf(verdict: Verdict): string[] {
  const refusal = assertRefused(verdict, reasons.credentialsRequired);
  assert.equal(refusal.statusCode, 407);
  assert.ok(refusal.headerFields?.every((field) => field.name === "Proxy-Authenticate"));
  return (refusal.headerFields ?? []).map((field) => field.value);
}

function answerTo(
  challenge: string,
  secret: { username?: string; password?: string; uri?: string } = {},
): CallParts {
  const parsed = parseChallenge(challenge);
  assert.ok(parsed.ok);
  const value = answerChallenge(
    parsed.value,
    { username: secret.username ?? "pbx", password: secret.password ?? password },
    "INVITE",
    secret.uri ?? requestUri,
    { nonceCount: 1, cnonce: "c" },
  );
  return { headerFields: [["Proxy-Authorization", value]] };
}

/** A challenge of the gateway whose services these are. */
function challenged(services: StageServicesDouble, trunk: Partial<SnapshotTrunk> = onlyPassword): string {
  return challengesOf(run(trunk, {}, services))[0] ?? "";
}

test("a trunk without lists lets nobody in", () => {
  const verdict = run({ ipAccessControlListSids: [] });
  assertRefused(verdict, reasons.noAuthenticationConfigured, "TK1 has no authentication attached");
});

test("with access control lists only, the address decides", () => {
  assertPasses(run({}), /^192\.0\.2\.10 is in an access control list of TK1$/);
  const refused = assertRefused(run({}, fromStranger), reasons.sourceAddressNotInAccessControlList);
  assert.equal(refused.text, "192.0.2.99 is in no access control list of TK1");
  assert.equal(refused.reason.statusCode, 403);
});

test("any attached list will do", () => {
  const trunk = exampleTrunk({ ipAccessControlListSids: ["AL1", "AL2"] });
  const ipAccessControlLists = [
    { sid: "AL1", networks: ["192.0.2.10/32"], connectionSid: null },
    { sid: "AL2", networks: ["192.0.2.99/32"], connectionSid: null },
  ];
  const call = terminationCall({ ...fromStranger, snapshot: { trunks: [trunk], ipAccessControlLists } });
  assertPasses(authentication(call, stageServices()));
});

test("with credential lists only, any address is challenged", () => {
  const [challenge = "", ...more] = challengesOf(run(onlyPassword, fromStranger));
  assert.deepEqual(more, []);
  assert.match(challenge, /^Digest realm="tandem\.test",qop="auth",nonce="[^"]+",opaque="[0-9a-f]{32}"$/);
});

test("with both, the address comes first and both must hold", () => {
  assertRefused(run(both, fromStranger), reasons.sourceAddressNotInAccessControlList);
  const services = stageServices();
  const answer = answerTo(challenged(services, both));
  assertRefused(
    run(both, { ...fromStranger, ...answer }, services),
    reasons.sourceAddressNotInAccessControlList,
  );
  assertPasses(run(both, answer, services), "user pbx gave the right password");
});

test("one challenge per algorithm of the lists, the strongest first (RFC 8760 §2.4)", () => {
  const algorithmsOf = (sids: string[]): (string | undefined)[] =>
    challengesOf(run({ ...onlyPassword, credentialListSids: sids })).map(
      (challenge) => /algorithm=([A-Z0-9-]+)/.exec(challenge)?.[1],
    );
  assert.deepEqual(algorithmsOf(["CL1"]), [undefined], "MD5 is not named");
  assert.deepEqual(algorithmsOf(["CL2"]), ["SHA-256"]);
  assert.deepEqual(algorithmsOf(["CL1", "CL2"]), ["SHA-256", undefined]);
  assert.deepEqual(algorithmsOf(["CL-unknown"]), [undefined]);
});

test("the right password passes and the user is noted", () => {
  const services = stageServices();
  const call = terminationCall({
    ...answerTo(challenged(services)),
    snapshot: { trunks: [exampleTrunk(onlyPassword)] },
  });
  assertPasses(authentication(call, services), "user pbx gave the right password");
  assert.equal(call.username, "pbx");
});

const wrong: readonly (readonly [what: string, secret: Parameters<typeof answerTo>[1], text: string])[] = [
  ["a wrong password", { password: "wrong" }, "wrong password"],
  ["an unknown user", { username: "nobody" }, "unknown user name"],
  ["another uri than the Request-URI", { uri: "sip:elsewhere" }, "uri is not the Request-URI"],
];

for (const [what, secret, text] of wrong) {
  test(`${what} is refused with 403, never with another challenge`, () => {
    const services = stageServices();
    const refused = assertRefused(
      run(onlyPassword, answerTo(challenged(services), secret), services),
      reasons.wrongCredentials,
      text,
    );
    assert.equal(refused.statusCode ?? refused.reason.statusCode, 403);
    assert.equal(refused.headerFields, undefined);
  });
}

test("a nonce that was used, is old, or is another gateway's is challenged anew as stale", () => {
  const services = stageServices();
  const answer = answerTo(challenged(services));
  assertPasses(run(onlyPassword, answer, services));
  assert.match(challengesOf(run(onlyPassword, answer, services))[0] ?? "", /,stale=true$/);
  const late = answerTo(challenged(services));
  services.clock.advance(300_001);
  assert.match(challengesOf(run(onlyPassword, late, services))[0] ?? "", /,stale=true$/);
  const another = challenged(services).replace(/nonce="[^"]+"/, 'nonce="made-up"');
  assert.match(challengesOf(run(onlyPassword, answerTo(another), services))[0] ?? "", /,stale=true$/);
});

test("a first challenge is not stale, nor one for credentials of another realm", () => {
  const services = stageServices();
  assert.doesNotMatch(challenged(services), /stale/);
  const elsewhere = answerTo(challenged(services).replace("tandem.test", "elsewhere.test"));
  assert.doesNotMatch(challengesOf(run(onlyPassword, elsewhere, services))[0] ?? "", /stale/);
});

test("credentials that can't be read are a 400", () => {
  const headerFields = [["Proxy-Authorization", 'Digest realm="tandem.test"']] as const;
  const refused = assertRefused(run(onlyPassword, { headerFields }), reasons.malformedRequest);
  assert.equal(refused.statusCode, 400);
});

test("a dry run takes the password for granted, but not the user, and uses up no nonce", () => {
  assertPasses(run(onlyPassword, { isDryRun: true }), /takes the right password for granted/);
  assertPasses(run(onlyPassword, { isDryRun: true, assumedUsername: "pbx" }), "user pbx is known");
  assertRefused(
    run(onlyPassword, { isDryRun: true, assumedUsername: "nobody" }),
    reasons.wrongCredentials,
    "no user nobody in the trunk's credential lists",
  );
  const services = stageServices();
  const answer = answerTo(challenged(services));
  assertPasses(run(onlyPassword, { ...answer, isDryRun: true }, services));
  assertPasses(run(onlyPassword, answer, services));
});
