import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { answerChallenge } from "./answer-challenge.ts";
import { type Challenge, chooseChallenge, parseChallenge } from "./challenge.ts";
import { ha1 } from "./digest-algorithm.ts";

const rfc7616 = {
  realm: "http-auth@example.org",
  nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
  opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};

function answer(
  challengeValue: string,
  options: { password?: string; cnonce?: string; body?: string; nc?: number } = {},
) {
  return answerChallenge(
    challenge(challengeValue),
    { username: "Mufasa", password: options.password ?? "Circle of Life" },
    "GET",
    "/dir/index.html",
    { nonceCount: options.nc ?? 1, cnonce: options.cnonce ?? rfc7616.cnonce, body: options.body ?? "" },
  );
}

function challenge(value: string): Challenge {
  const parsed = parseChallenge(value);
  assert.ok(parsed.ok, value);
  return parsed.value;
}

const of7616 = (algorithm: string) =>
  `Digest realm="${rfc7616.realm}", qop="auth, auth-int", algorithm=${algorithm}, nonce="${rfc7616.nonce}", opaque="${rfc7616.opaque}"`;

const vectors: [algorithm: string, response: string][] = [
  ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
  ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
];

test("RFC 7616 §3.9.1", () => {
  for (const [algorithm, response] of vectors) {
    assert.equal(
      answer(of7616(algorithm)),
      `Digest username="Mufasa",realm="${rfc7616.realm}",nonce="${rfc7616.nonce}",uri="/dir/index.html",` +
        `response="${response}",algorithm=${algorithm},cnonce="${rfc7616.cnonce}",qop=auth,nc=00000001,` +
        `opaque="${rfc7616.opaque}"`,
    );
  }
});

test("RFC 2617 §3.5: no algorithm in the challenge, none in the answer", () => {
  const value =
    'Digest realm="testrealm@host.com",qop="auth,auth-int",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",opaque="5ccc069c403ebaf9f0171e9517f40e41"';
  const given = answer(value, { password: "Circle Of Life", cnonce: "0a4f113b" });
  assert.match(given, /response="6629fae49393a05397450978507c4ef1"/);
  assert.doesNotMatch(given, /algorithm/);
});

test("RFC 2069 (with its erratum): no qop in the challenge, no nc and cnonce in the answer", () => {
  const value = 'Digest realm="testrealm@host.com",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
  assert.equal(
    answer(value, { password: "CircleOfLife" }),
    'Digest username="Mufasa",realm="testrealm@host.com",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",' +
      'uri="/dir/index.html",response="1949323746fe6a43ef61f9606e7febea"',
  );
});

test("auth-int, when nothing else is offered, covers the body", () => {
  const md5 = (text: string) => createHash("md5").update(text, "latin1").digest("hex");
  const body = "v=0\r\n\u00e9";
  const expected = md5(
    `${md5("Mufasa:r:Circle of Life")}:n:0000001a:c:auth-int:${md5(`GET:/dir/index.html:${md5(body)}`)}`,
  );
  const given = answer('Digest realm="r",nonce="n",qop="auth-int"', { cnonce: "c", body, nc: 26 });
  assert.match(given, new RegExp(`response="${expected}",cnonce="c",qop=auth-int,nc=0000001a$`));
});

test("an HA1 stands for the password", () => {
  const secret = { username: "Mufasa", ha1: ha1("Mufasa", rfc7616.realm, "Circle of Life", "SHA-256") };
  const options = { nonceCount: 1, cnonce: rfc7616.cnonce };
  const given = answerChallenge(challenge(of7616("SHA-256")), secret, "GET", "/dir/index.html", options);
  assert.equal(given, answer(of7616("SHA-256")));
});

test("HA1 is over UTF-8, and the answer carries the same bytes", () => {
  const md5 = createHash("md5").update("J\u00e4s\u00f8n:Dom\u00e4ne:\u20ac", "utf8").digest("hex");
  assert.equal(ha1("J\u00e4s\u00f8n", "Dom\u00e4ne", "\u20ac", "MD5"), md5);
  const realm = Buffer.from("Dom\u00e4ne", "utf8").toString("latin1");
  const asked = challenge(`Digest realm="${realm}",nonce="n"`);
  const options = { nonceCount: 1, cnonce: "c" };
  const byPassword = answerChallenge(
    asked,
    { username: "J\u00e4s\u00f8n", password: "\u20ac" },
    "GET",
    "/",
    options,
  );
  const byHa1 = answerChallenge(asked, { username: "J\u00e4s\u00f8n", ha1: md5 }, "GET", "/", options);
  assert.equal(byPassword, byHa1);
  assert.ok(byPassword.startsWith('Digest username="J\u00c3\u00a4s\u00c3\u00b8n"'));
});

test("quotes and backslashes in names are escaped", () => {
  const asked = challenge('Digest realm="a\\"b",nonce="n"');
  const given = answerChallenge(asked, { username: 'u"\\', ha1: "00" }, "GET", "/", {
    nonceCount: 1,
    cnonce: "c",
  });
  assert.ok(given.startsWith('Digest username="u\\"\\\\",realm="a\\"b",'), given);
});

test("a challenge, taken apart", () => {
  assert.deepEqual(challenge('Digest realm="r",nonce="n",qop="auth",opaque="o",stale=TRUE'), {
    realm: "r",
    nonce: "n",
    opaque: "o",
    algorithm: "MD5",
    isAlgorithmNamed: false,
    qop: "auth",
    isStale: true,
  });
  assert.equal(challenge('Digest realm="r",nonce="n",qop="x, AUTH"').qop, "auth");
  const plain = challenge('Digest realm="r",nonce="n",algorithm=sha-256,stale=false');
  assert.deepEqual(
    [plain.algorithm, plain.isAlgorithmNamed, plain.qop, plain.isStale, plain.opaque],
    ["SHA-256", true, undefined, false, undefined],
  );
});

const unusable: [value: string, code: string][] = [
  ['Basic realm="r"', "unsupported-auth-scheme"],
  ['Digest realm="r"', "incomplete-challenge"],
  ['Digest nonce="n"', "incomplete-challenge"],
  ['Digest realm="r",nonce="n",algorithm=MD5-sess', "unsupported-digest-algorithm"],
  ['Digest realm="r",nonce="n",algorithm=SHA-512-256', "unsupported-digest-algorithm"],
  ['Digest realm="r",nonce="n",qop="auth-conf"', "unsupported-qop"],
  ["Digest realm", "malformed-auth-parameters"],
];

test("challenges that can not be answered", () => {
  for (const [value, code] of unusable) {
    const parsed = parseChallenge(value);
    assert.equal(parsed.ok ? "usable" : parsed.error.code, code, value);
  }
});

const choices: [values: readonly string[], nonce: string | undefined][] = [
  [['Digest realm="r",nonce="1"', 'Digest realm="r",nonce="2",algorithm=SHA-256'], "2"],
  [['Digest realm="r",nonce="1",algorithm=SHA-256', 'Digest realm="r",nonce="2",algorithm=MD5'], "1"],
  [['Digest realm="r",nonce="1"', 'Digest realm="s",nonce="2"'], "1"],
  [['Digest realm="r",nonce="1",algorithm=SHA-256', 'Digest realm="s",nonce="2",algorithm=SHA-256'], "1"],
  [['Digest realm="r",nonce="1",algorithm=SHA-512-256', 'Digest realm="r",nonce="2"'], "2"],
  [["nonsense", 'Basic realm="r"'], undefined],
  [[], undefined],
];

test("the strongest challenge that can be answered is chosen, the first of equals", () => {
  for (const [values, nonce] of choices) assert.equal(chooseChallenge(values)?.nonce, nonce, String(values));
});
