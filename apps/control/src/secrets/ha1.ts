import { createHash } from "node:crypto";
import type { DigestAlgorithm } from "@tandem/contracts";

const hashNames: Record<DigestAlgorithm, string> = { MD5: "md5", "SHA-256": "sha256" };

/** RFC 7616 §3.4.2: lower-case hex of H(username:realm:password), over UTF-8 (RFC 7616 §4). As good as the password. */
export function computeHa1(
  username: string,
  realm: string,
  password: string,
  algorithm: DigestAlgorithm,
): string {
  return createHash(hashNames[algorithm]).update(`${username}:${realm}:${password}`, "utf8").digest("hex");
}
