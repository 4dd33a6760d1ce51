import { randomFillSync } from "node:crypto";

const poolBytes = 4096;
const pool = Buffer.alloc(poolBytes);
let used = poolBytes;

/** Cryptographically random lower-case hex of `bytes` bytes (1-64), drawn from a pool so that a call costs no system call. */
export function randomHex(bytes: number): string {
  if (used + bytes > poolBytes) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString("hex", used, used + bytes);
  used += bytes;
  return hex;
}

/** A From or To tag: 64 random bits (RFC 3261 §19.3 asks for at least 32). */
export function newTag(): string {
  return randomHex(8);
}

/** A Call-ID: 128 random bits and no host, so that it tells nothing of the network inside. */
export function newCallId(): string {
  return randomHex(16);
}
