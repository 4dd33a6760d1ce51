/** The suites of RFC 4568 §6.2 that we take. */
const suites: ReadonlySet<string> = new Set(["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"]);
/** Master key of 16 bytes and salt of 14, in base64. */
const keyText = /^[A-Za-z0-9+/]{40}$/;
/** Sizes of a lifetime: a number of packets, or a power of two. */
const lifetimeText = /^(2\^)?\d{1,15}$/;

/**
 * Whether we take that value of a=crypto, `1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20` (RFC 4568 §9.1): one key without
 * an MKI, and no session parameter that changes what is encrypted. Of those only WSH, a hint, is let through;
 * a parameter that is not known makes the whole line unusable (§6.3.7).
 */
export function isUsableCrypto(value: string): boolean {
  const [tag = "", suite = "", key = "", ...parameters] = value.trim().split(/ +/);
  if (!/^\d{1,9}$/.test(tag) || !suites.has(suite.toUpperCase())) return false;
  return isUsableKey(key) && parameters.every((one) => /^(-|WSH=)/i.test(one));
}

/** `inline:KEY[|LIFETIME]`. */
function isUsableKey(text: string): boolean {
  if (!/^inline:/i.test(text)) return false;
  const [material = "", lifetime = "1", ...mki] = text.slice("inline:".length).split("|");
  return keyText.test(material) && lifetimeText.test(lifetime) && mki.length === 0;
}
