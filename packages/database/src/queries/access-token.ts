import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new account token or key secret: 32 lower-case hex digits of randomness. */
export function createAccessToken(): string {
  return randomBytes(16).toString("hex");
}

/** How tokens and secrets are stored. They are 128 random bits, so a plain SHA-256 cannot be guessed backwards. */
export function hashAccessToken(token: string): string {
  return createHash("sha256").update(token, "utf8").digest("hex");
}

/** Constant-time comparison; with no stored hash it takes as long and is false. */
export function accessTokenMatches(token: string, storedHash: string | undefined): boolean {
  const given = Buffer.from(hashAccessToken(token), "hex");
  const stored = Buffer.from(storedHash ?? hashAccessToken(""), "hex");
  const isEqual = stored.length === given.length && timingSafeEqual(given, stored);
  return isEqual && storedHash !== undefined;
}
