/**
 * Finds credentials before they are committed: those that providers give a recognisable shape, private keys, passwords
 * in URLs, and long random values that are assigned to a name like `token`.
 */
import type { TextFile } from "./repository-files.ts";

const shapes: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    "private key",
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s*(?:\\n|\n)?\s*[A-Za-z0-9+/=]{16}/g,
  ],
  ["AWS access key id", /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g],
  ["AWS secret key", /\baws.{0,24}secret.{0,24}["'=:\s][A-Za-z0-9+/]{40}\b/gi],
  ["GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b/g],
  ["GitLab token", /\bglpat-[A-Za-z0-9_-]{20,}\b/g],
  ["npm token", /\bnpm_[A-Za-z0-9]{36}\b/g],
  ["Slack token", /\bxox[abeprs]-[A-Za-z0-9-]{20,}\b/g],
  ["Stripe key", /\b[rs]k_live_[A-Za-z0-9]{20,}\b/g],
  ["Google API key", /\bAIza[A-Za-z0-9_-]{35}\b/g],
  ["JSON web token", /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/g],
  ["SendGrid key", /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/g],
];

/** A machine of ours in a test or an example is no secret. */
const urlWithPassword = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"'`${}<]+:([^\s:/@"'`${}<]{6,})@([a-z0-9.[\]-]+)/gi;
/** `postgres://user:password@host` explains the form of a URL. */
const placeholder = /^(?:password|secret|\*+)$/i;
const ownHost =
  /^(?:localhost|127\.|\[::1\]|0\.0\.0\.0|.*\.(?:test|example|invalid|local)$|example\.(?:com|net|org)$)/i;

const assignment =
  /\b[A-Za-z_]*(?:password|secret|token|api_?key)[A-Za-z_]*["']?\s*[:=]\s*["'`]([A-Za-z0-9+/_=-]{24,})["'`]/gi;
/** Bits per character. Hex digits have at most 4.0, words about 3.5, random base64 of this length above 4.3. */
const randomEntropy = 4.2;

/** Findings as `path:line: what`, never the secret itself. */
export function findSecrets(files: readonly TextFile[]): readonly string[] {
  return files
    .filter(({ path }) => !path.endsWith("package-lock.json"))
    .flatMap(({ path, text }) =>
      secretsIn(text).map(({ index, what }) => `${path}:${lineOf(text, index)}: ${what}`),
    );
}

interface Secret {
  readonly index: number;
  readonly what: string;
}

function secretsIn(text: string): readonly Secret[] {
  const secrets: Secret[] = [];
  for (const [what, pattern] of shapes) {
    for (const { index } of text.matchAll(pattern)) secrets.push({ index, what });
  }
  for (const { index, 1: password = "", 2: host = "" } of text.matchAll(urlWithPassword)) {
    const isExample = ownHost.test(host) || placeholder.test(password);
    if (!isExample) secrets.push({ index, what: "password in a URL" });
  }
  for (const { index, 1: value = "" } of text.matchAll(assignment)) {
    const isRandom = entropyOf(value) > randomEntropy;
    if (isRandom) secrets.push({ index, what: "random value assigned to a secret's name" });
  }
  return secrets;
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** Shannon entropy in bits per character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / value.length) * Math.log2(count / value.length);
  return entropy;
}
