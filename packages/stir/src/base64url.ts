const alphabet = /^[A-Za-z0-9_-]*$/;

/**
 * Bytes of a base64url text without padding (RFC 7515 §2). Undefined: not one, or not the only one of these bytes. What
 * OpenSSL never sees of a text, its last bits say, could be changed without breaking the signature: such a text is refused.
 */
export function bytesOfBase64url(text: string): Buffer | undefined {
  if (!alphabet.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}

export function base64url(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}
