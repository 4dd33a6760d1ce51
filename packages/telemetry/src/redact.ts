/** Keeps secrets out of logs: by the name of a field, and by shape inside texts such as SIP messages. */

export const redacted = "[redacted]";

const secretWords = [
  "password",
  "passwd",
  "secret",
  "token",
  "authorization",
  "apikey",
  "privatekey",
  "sharedkey",
  "passphrase",
  "cookie",
];

/** Whether a field of that name holds a secret: `authToken`, `proxy-authorization`, `ha1`, `nonce_secret`, … */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[-_. ]/g, "");
  if (plain.startsWith("ha1")) return true;
  for (const word of secretWords) if (plain.includes(word)) return true;
  return false;
}

/** Cheap look for anything that the rules below could replace. */
const suspicious = /authorization|inline:|bearer |basic |sips?:|:\/\//i;
/** The header field with its folded lines (RFC 3261 §7.3.1), wherever it stands. */
const authorizationField = /\b((?:proxy-)?authorization[ \t]*:)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gi;
/** SDES master keys, RFC 4568 §6.1. */
const inlineKey = /\b(inline:)[^\s|;"]+/gi;
const bearerToken = /\b(bearer )[^\s",;]+/gi;
/** RFC 7617: shorter than 16 characters is a word that happens to follow. */
const basicCredentials = /\b(basic )[A-Za-z0-9+/_-]{16,}={0,2}/gi;
/** The password of a SIP URI, RFC 3261 §19.1.1. Lengths are bounded, so that no text takes quadratic time. */
const uriPassword = /\b(sips?:[^\s:@<>"]{0,128}:)[^\s@<>"]{1,256}@/gi;
/** That of a URL, `postgres://user:password@host` (RFC 3986 §3.2.1). */
const urlPassword = /(:\/\/[^\s:@/<>"]{0,128}:)[^\s@/<>"]{1,256}@/g;

/** The text without credentials, keys and passwords. */
export function redactText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text
    .replaceAll(authorizationField, `$1 ${redacted}`)
    .replaceAll(inlineKey, `$1${redacted}`)
    .replaceAll(bearerToken, `$1${redacted}`)
    .replaceAll(basicCredentials, `$1${redacted}`)
    .replaceAll(uriPassword, `$1${redacted}@`)
    .replaceAll(urlPassword, `$1${redacted}@`);
}
