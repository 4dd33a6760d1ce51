import assert from "node:assert/strict";
import { test } from "node:test";
import { answerChallenge } from "./answer-challenge.ts";
import { parseChallenge } from "./challenge.ts";
import { parseCredentials } from "./credentials.ts";
import { type DigestAlgorithm, ha1, hexDigest } from "./digest-algorithm.ts";
import { DigestServer, type DigestServerOptions, maximumCredentialRows } from "./digest-server.ts";

const realm = "tandem.test";
const uri = "sip:+15551234567@example.pstn.tandem.test";
const keys = [{ id: 1, secret: "11".repeat(32) }];
const startMs = 1_750_000_000_000;

const users: Record<string, readonly { ha1: string; algorithm: DigestAlgorithm }[]> = {
  bob: [{ ha1: ha1("bob", realm, "secret", "MD5"), algorithm: "MD5" }],
  eve: [{ ha1: ha1("eve", realm, "secret", "SHA-256"), algorithm: "SHA-256" }],
  two: [
    { ha1: ha1("two", realm, "first", "MD5"), algorithm: "MD5" },
    { ha1: ha1("two", realm, "second", "MD5"), algorithm: "MD5" },
  ],
  "J\u00e4s\u00f8n": [{ ha1: ha1("J\u00e4s\u00f8n", realm, "secret", "MD5"), algorithm: "MD5" }],
};
const lookup = (username: string) => users[username] ?? [];

function makeServer(options: Partial<DigestServerOptions> = {}) {
  const clock = {
    nowMs: startMs,
    wallMs() {
      return this.nowMs;
    },
  };
  const server = new DigestServer({ clock, realm, gatewayName: "gw1", keys, ...options });
  const verify = (value: string, method = "INVITE", requestUri = uri) =>
    server.verify(value, method, requestUri, lookup);
  const ask = (algorithm: DigestAlgorithm = "MD5") => server.challenge({ stale: false, algorithm });
  return { clock, server, verify, ask };
}

interface AnswerOptions {
  username?: string;
  password?: string;
  method?: string;
  uri?: string;
  nc?: number;
}

function answer(challengeValue: string, options: AnswerOptions = {}): string {
  const parsed = parseChallenge(challengeValue);
  assert.ok(parsed.ok);
  return answerChallenge(
    parsed.value,
    { username: options.username ?? "bob", password: options.password ?? "secret" },
    options.method ?? "INVITE",
    options.uri ?? uri,
    { nonceCount: options.nc ?? 1, cnonce: "c0ffee" },
  );
}

const accepted = { kind: "accepted", username: "bob" };
const stale = { kind: "stale" };
const wrong = (why: string) => ({ kind: "wrong", why });

test("the challenge on the wire", () => {
  const { server } = makeServer();
  const nonce = "[A-Za-z0-9_-]{48}";
  assert.match(
    server.challenge({ stale: false, algorithm: "MD5" }),
    new RegExp(`^Digest realm="tandem.test",qop="auth",nonce="${nonce}",opaque="[0-9a-f]{32}"$`),
  );
  assert.match(
    server.challenge({ stale: true, algorithm: "SHA-256" }),
    new RegExp(
      `^Digest realm="tandem.test",qop="auth",nonce="${nonce}",opaque="[0-9a-f]{32}",stale=true,algorithm=SHA-256$`,
    ),
  );
});

test("right credentials are accepted with either algorithm", () => {
  const { verify, ask } = makeServer();
  assert.deepEqual(verify(answer(ask())), accepted);
  assert.deepEqual(verify(answer(ask("SHA-256"), { username: "eve" })), {
    kind: "accepted",
    username: "eve",
  });
});

test("any of a user name's passwords is accepted", () => {
  const { verify, ask } = makeServer();
  for (const password of ["first", "second"]) {
    assert.equal(verify(answer(ask(), { username: "two", password })).kind, "accepted");
  }
  assert.deepEqual(verify(answer(ask(), { username: "two", password: "third" })), wrong("wrong password"));
});

test("user names beyond ASCII are UTF-8 on the wire", () => {
  const { verify, ask } = makeServer();
  const verdict = verify(answer(ask(), { username: "J\u00e4s\u00f8n" }));
  assert.deepEqual(verdict, { kind: "accepted", username: "J\u00e4s\u00f8n" });
});

const wrongRows: [options: AnswerOptions, why: string][] = [
  [{ password: "Secret" }, "wrong password"],
  [{ method: "BYE" }, "wrong password"],
  [{ username: "nobody" }, "unknown user name"],
  [{ username: "eve" }, "no password for this algorithm"],
  [{ uri: "sip:+15551234568@example.pstn.tandem.test" }, "uri is not the Request-URI"],
  [{ uri: `${uri};transport=tcp` }, "uri is not the Request-URI"],
];

test("wrong credentials", () => {
  const { verify, ask } = makeServer();
  for (const [options, why] of wrongRows) assert.deepEqual(verify(answer(ask(), options)), wrong(why), why);
});

test("the response itself is compared as a whole", () => {
  const { verify, ask } = makeServer();
  const value = answer(ask());
  const response = /response="([0-9a-f]+)"/.exec(value)?.[1] ?? "";
  for (const other of ["", response.slice(1), `${response}0`, "0".repeat(32), response.slice(0, 31)]) {
    const changed = value.replace(`response="${response}"`, `response="${other}"`);
    assert.deepEqual(verify(changed), wrong("wrong password"), other);
  }
  assert.deepEqual(verify(value.replace(response, response.toUpperCase())), accepted);
});

test("what is signed can not be changed", () => {
  const { verify, ask } = makeServer();
  const value = answer(ask(), { nc: 1 });
  for (const changed of [value.replace("nc=00000001", "nc=00000002"), value.replace("c0ffee", "c0ffe0")]) {
    assert.notEqual(changed, value);
    assert.deepEqual(verify(changed), wrong("wrong password"));
  }
});

test("the nonce count must grow; a replay is stale, a failure counts nothing", () => {
  const { verify, ask } = makeServer();
  const challenge = ask();
  assert.deepEqual(verify(answer(challenge, { nc: 2, password: "x" })), wrong("wrong password"));
  assert.deepEqual(verify(answer(challenge, { nc: 2 })), accepted);
  assert.deepEqual(verify(answer(challenge, { nc: 2 })), stale);
  assert.deepEqual(verify(answer(challenge, { nc: 1 })), stale);
  assert.deepEqual(verify(answer(challenge, { nc: 16 })), accepted);
  assert.deepEqual(verify(answer(challenge, { nc: 15 })), stale);
  assert.deepEqual(verify(answer(challenge, { nc: 17 })), accepted);
});

test("every hex digit counts in nc", () => {
  const { verify, ask } = makeServer();
  const challenge = ask();
  for (const nc of [9, 0xa, 0xf, 0x19, 0xffffffff]) {
    assert.deepEqual(verify(answer(challenge, { nc })), accepted, String(nc));
  }
});

test("nonces live for the lifetime and not a millisecond longer", () => {
  const { verify, ask, clock } = makeServer({ nonceLifetimeSeconds: 60 });
  const challenge = ask();
  clock.nowMs += 60_000;
  assert.deepEqual(verify(answer(challenge, { nc: 1 })), accepted);
  clock.nowMs += 1;
  assert.deepEqual(verify(answer(challenge, { nc: 2 })), stale);
});

test("the default lifetime is 300 s", () => {
  const { verify, ask, clock } = makeServer();
  const challenge = ask();
  clock.nowMs += 300_000;
  assert.deepEqual(verify(answer(challenge, { nc: 1 })), accepted);
  clock.nowMs += 1;
  assert.deepEqual(verify(answer(challenge, { nc: 2 })), stale);
});

test("a nonce from the future is stale", () => {
  const { verify, ask, clock } = makeServer();
  clock.nowMs += 1000;
  const challenge = ask();
  clock.nowMs -= 1;
  assert.deepEqual(verify(answer(challenge)), stale);
  clock.nowMs += 1;
  assert.deepEqual(verify(answer(challenge)), accepted);
});

test("nonces of another gateway, of an unknown key, from before a restart, and made up ones are stale", () => {
  const { verify, ask, server, clock } = makeServer();
  assert.deepEqual(verify(answer(makeServer({ gatewayName: "gw2" }).ask())), stale);
  assert.deepEqual(verify(answer(makeServer({ keys: [{ id: 9, secret: "99".repeat(32) }] }).ask())), stale);
  assert.deepEqual(verify(answer('Digest realm="tandem.test",nonce="made-up",qop="auth"')), stale);
  const challenge = ask();
  assert.deepEqual(
    verify(answer(challenge).replace(/nonce="(.)/, (_, first) => `nonce="${first === "A" ? "B" : "A"}`)),
    stale,
  );
  server.setKeys([{ id: 2, secret: "22".repeat(32) }, ...keys]);
  assert.deepEqual(verify(answer(challenge)), accepted);
  clock.nowMs += 5;
  const restarted = makeServer({ clock });
  assert.deepEqual(restarted.verify(answer(challenge, { nc: 2 })), stale);
  assert.deepEqual(restarted.verify(answer(restarted.ask())), accepted);
});

test("used nonces are remembered up to the limit; one past it makes the oldest stale", () => {
  const { verify, ask, server, clock } = makeServer({ maximumTrackedNonces: 2 });
  const challenges = [1, 2, 3].map(() => {
    clock.nowMs++;
    return ask();
  }) as [string, string, string];
  assert.deepEqual(verify(answer(challenges[0], { nc: 1 })), accepted);
  assert.deepEqual(verify(answer(challenges[1], { nc: 1 })), accepted);
  assert.equal(server.trackedNonces, 2);
  assert.deepEqual(verify(answer(challenges[0], { nc: 1 })), stale, "remembered");
  assert.deepEqual(verify(answer(challenges[0], { nc: 2 })), accepted);
  assert.deepEqual(verify(answer(challenges[2], { nc: 1 })), accepted);
  assert.equal(server.trackedNonces, 2);
  assert.deepEqual(verify(answer(challenges[1], { nc: 2 })), stale, "forgotten, so nothing is believed");
  assert.deepEqual(verify(answer(challenges[0], { nc: 3 })), accepted);
});

test("failed attempts are not remembered", () => {
  const { verify, ask, server } = makeServer();
  verify(answer(ask(), { password: "x" }));
  verify(answer(ask(), { username: "nobody" }));
  assert.equal(server.trackedNonces, 0);
});

test("an answer without qop (RFC 2069) is taken once, and only with an unused nonce", () => {
  const { verify, ask } = makeServer();
  const withoutQop = (challenge: string) => answer(challenge.replace(',qop="auth"', ""));
  const challenge = ask();
  assert.doesNotMatch(withoutQop(challenge), /qop|nc=|cnonce/);
  assert.deepEqual(verify(withoutQop(challenge)), accepted);
  assert.deepEqual(verify(withoutQop(challenge)), stale);
  assert.deepEqual(verify(answer(challenge, { nc: 0xffffffff })), stale, "spent");
  const counted = ask();
  assert.deepEqual(verify(answer(counted)), accepted);
  assert.deepEqual(verify(withoutQop(counted)), stale);
});

test("credentials for another realm or scheme are not for us", () => {
  const { verify, ask } = makeServer();
  const other = { kind: "other-realm" };
  assert.deepEqual(verify(answer(ask()).replace('realm="tandem.test"', 'realm="Tandem.test"')), other);
  assert.deepEqual(verify("Basic Ym9iOnNlY3JldA=="), other);
  assert.deepEqual(verify('Digest username="bob",realm="elsewhere"'), other);
  assert.deepEqual(verify(""), other);
});

const malformedRows: [change: (value: string) => string, why: string][] = [
  [(value) => value.replace("Digest ", "Digest ,x,"), "parameter without name or value"],
  [(value) => value.replace(/username="bob",/, ""), "no username"],
  [(value) => value.replace(/realm="[^"]*",/, ""), "no realm"],
  [(value) => value.replace(/,nonce="[^"]*"/, ""), "no nonce"],
  [(value) => value.replace(/,uri="[^"]*"/, ""), "no uri"],
  [(value) => value.replace(/,response="[^"]*"/, ""), "no response"],
  [(value) => value.replace(/,nc=\w+/, ""), "qop without nc or cnonce"],
  [(value) => value.replace(/,cnonce="[^"]*"/, ""), "qop without nc or cnonce"],
  [(value) => value.replace(/nc=\w+/, "nc=00000000"), "nc is not a count"],
  [(value) => value.replace(/nc=\w+/, "nc=0000000g"), "nc is not a count"],
  [(value) => value.replace(/nc=\w+/, "nc=000000001"), "nc is not a count"],
  [(value) => value.replace(/nc=\w+/, 'nc=""'), "nc is not a count"],
  [(value) => value.replace("qop=auth", "qop=auth-int"), "qop is not auth"],
  [(value) => `${value},algorithm=MD5-sess`, "algorithm is not supported"],
];

test("malformed credentials", () => {
  const { verify, ask } = makeServer();
  for (const [change, why] of malformedRows) {
    assert.deepEqual(verify(change(answer(ask()))), { kind: "malformed", why }, why);
  }
});

test("credentials of another scheme are not Digest credentials", () => {
  const value = answer(makeServer().ask());
  assert.ok(parseCredentials(value).ok);
  const other = parseCredentials(value.replace("Digest", "Basic"));
  assert.equal(other.ok ? "" : other.error.code, "unsupported-auth-scheme");
});

test("spelling that differs but means the same is accepted", () => {
  const { verify, ask } = makeServer();
  const changes: ((value: string) => string)[] = [
    (value) => value.replace("Digest ", "DIGEST  ").replaceAll(",", " ,\r\n "),
    (value) => value.replace(/nc=(\w+)/, 'nc="$1"'),
    (value) => `${value},algorithm="md5"`,
    (value) => value.replace(/,opaque="[^"]*"/, ""),
  ];
  for (const change of changes) assert.deepEqual(verify(change(answer(ask()))), accepted, String(change));
});

test("qop is a token without case, but hashed as it was written", () => {
  const { verify, ask } = makeServer();
  const challenge = ask();
  const nonce = /nonce="([^"]*)"/.exec(challenge)?.[1] ?? "";
  const response = hexDigest(
    "MD5",
    `${ha1("bob", realm, "secret", "MD5")}:${nonce}:00000001:c0ffee:Auth:${hexDigest("MD5", `INVITE:${uri}`)}`,
  );
  const value = answer(challenge).replace("qop=auth", "qop=Auth");
  assert.deepEqual(verify(value), wrong("wrong password"));
  assert.deepEqual(verify(value.replace(/response="\w+"/, `response="${response}"`)), accepted);
});

test("of several rows the accepted one decides, then wrong, stale, malformed", () => {
  const { server, ask } = makeServer();
  const judge = (...rows: string[]) => server.verifyAny(rows, "INVITE", uri, lookup).kind;
  const other = 'Digest username="bob",realm="elsewhere",nonce="n",uri="x",response="y"';
  const old = answer('Digest realm="tandem.test",nonce="old",qop="auth"');
  const bad = () => answer(ask(), { password: "x" });
  const broken = 'Digest realm="tandem.test"';
  assert.equal(judge(), "other-realm");
  assert.equal(judge(other, other), "other-realm");
  assert.equal(judge(other, broken), "malformed");
  assert.equal(judge(broken, old, other), "stale");
  assert.equal(judge(old, bad(), broken), "wrong");
  assert.equal(judge(other, bad(), old, answer(ask())), "accepted");
  assert.equal(judge(answer(ask()), bad()), "accepted");
  const rows = [answer(ask(), { username: "nobody" }), bad()];
  assert.deepEqual(
    server.verifyAny(rows, "INVITE", uri, lookup),
    wrong("unknown user name"),
    "first of equals",
  );
});

test("rows are looked at up to the limit", () => {
  const { server, ask } = makeServer();
  const other = 'Digest username="bob",realm="elsewhere",nonce="n",uri="x",response="y"';
  const rows = (before: number) => [...Array.from({ length: before }, () => other), answer(ask())];
  assert.deepEqual(server.verifyAny(rows(maximumCredentialRows - 1), "INVITE", uri, lookup), accepted);
  assert.deepEqual(server.verifyAny(rows(maximumCredentialRows), "INVITE", uri, lookup), {
    kind: "other-realm",
  });
});
