import { hash } from "node:crypto";

/** Algorithms of RFC 8760 that we compute. */
export type DigestAlgorithm = "MD5" | "SHA-256";

/** The algorithm that a parameter names; absent means MD5 (RFC 7616 §3.3). Undefined: not supported. */
export function digestAlgorithm(parameter: string | undefined): DigestAlgorithm | undefined {
  if (parameter === undefined) return "MD5";
  const name = parameter.toUpperCase();
  return name === "MD5" || name === "SHA-256" ? name : undefined;
}

/** Lower-case hex digest of text from the wire: one byte per character. */
export function hexDigest(algorithm: DigestAlgorithm, latin1: string): string {
  return hash(algorithm === "MD5" ? "md5" : "sha256", Buffer.from(latin1, "latin1"), "hex");
}

/**
 * H(username:realm:password) in lower-case hex, RFC 7616 §3.4.2. It stands for the password in every computation, so it
 * must be kept as secret as one. Characters beyond ASCII count as UTF-8.
 */
export function ha1(username: string, realm: string, password: string, algorithm: DigestAlgorithm): string {
  return hexDigest(algorithm, utf8Bytes(`${username}:${realm}:${password}`));
}

/** Text of ours as it goes to the wire: UTF-8, one character per byte. */
export function utf8Bytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Text from the wire, one character per byte, as UTF-8 meant it. */
export function utf8Text(latin1: string): string {
  return isAscii(latin1) ? latin1 : Buffer.from(latin1, "latin1").toString("utf8");
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
