import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findSecrets } from "./secrets.ts";

/** The planted secrets are put together at run time, else the gate would find them here. */
const join = (...parts: string[]): string => parts.join("");

const planted: readonly (readonly [what: string, text: string])[] = [
  ["private key", join("-----BEGIN RSA PRIV", "ATE KEY-----\nMIIEowIBAAKCAQEAx7x", "\n")],
  ["private key", join("-----BEGIN PRIV", "ATE KEY-----\nMIIEvQIBADANBgkqh", "\n")],
  ["private key", join('key: "-----BEGIN EC PRIV', 'ATE KEY-----\\nMHcCAQEEIIGc7Zu3"')],
  ["private key", join("-----BEGIN OPENSSH PRIV", "ATE KEY-----\nb3BlbnNzaC1rZXktdjEA", "\n")],
  ["AWS access key id", join("id = AKI", "AIOSFODNN7EXAMPLE")],
  ["AWS access key id", join("id = ASI", "AIOSFODNN7EXAMPLE")],
  ["AWS secret key", join("aws_secret_access_key = wJalrXUtnFEMI", "/K7MDENG/bPxRfiCYEXAMPLEKEY")],
  ["GitHub token", join("gh", "p_", "a1B2".repeat(9))],
  ["GitHub token", join("github_", "pat_", "a1B2".repeat(12))],
  ["GitLab token", join("glp", "at-", "a1B2c".repeat(4))],
  ["npm token", join("np", "m_", "a1B2".repeat(9))],
  ["Slack token", join("xo", "xb-", "1234567890-abcdefghij")],
  ["Stripe key", join("sk_li", "ve_", "a1B2".repeat(6))],
  ["Google API key", join("AI", "za", "a1B2c".repeat(7))],
  ["SendGrid key", join("SG", ".", "a".repeat(22), ".", "b".repeat(43))],
  ["JSON web token", join("ey", "Jhbgcioijiuz.ey", "Jzdwiioixmjm0.", "SflKxwRJSMeKKF2QT4fw")],
  ["password in a URL", join("postgres://tandem:", "s3cretpw", "@db.corp.net/tandem")],
  ["random value", join('authToken: "', "q7Zt4Xw9", "Lk2Pn8Vb", "5Rj3Hm6D", '"')],
];

describe("findSecrets", () => {
  for (const [what, text] of planted) {
    it(`finds: ${what} (${text.slice(0, 24).replaceAll("\n", " ")}…)`, () => {
      const [finding = "nothing"] = findSecrets([{ path: "src/x.ts", text: `first line\n${text}\n` }]);
      assert.match(finding, new RegExp(`^src/x\\.ts:2: .*${what}`));
      assert.ok(!finding.includes(text.slice(-12).trim()), "the finding repeats the secret");
    });
  }

  const harmless: readonly string[] = [
    "-----BEGIN CERTIFICATE-----\nMIIDazCCAlOgAwIBAgIUabcdefgh\n",
    'pattern = /-----BEGIN PRIVATE KEY-----/; header = "-----BEGIN PRIVATE KEY-----";',
    "postgres://tandem:tandem-password@localhost/tandem",
    "postgres://tandem:tandem-password@127.0.0.1:5432/tandem",
    `const secret = "${"0123456789abcdef".repeat(4)}";`,
    'const password = "correct-horse-battery-staple";',
    'const sid = "AC0123456789abcdef0123456789abcdef";',
    "postgres://user:password@host:5432/database",
    "sip:user:password@host is no URL of ours",
  ];
  for (const text of harmless) {
    it(`passes: ${text.slice(0, 40).replaceAll("\n", " ")}`, () => {
      assert.deepEqual(findSecrets([{ path: "src/x.ts", text }]), []);
    });
  }
});
