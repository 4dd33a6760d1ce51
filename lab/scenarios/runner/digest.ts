import { createHash } from "node:crypto";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

export interface DigestWishes {
  readonly method: string;
  readonly uri: string;
  readonly username: string;
  readonly password: string;
  /** Default 1. */
  readonly nonceCount?: number;
}

/** Value of a Proxy-Authorization for a challenge (RFC 7616, MD5): the lab's own, so that a fault of ours does not hide itself. */
export function digestAnswer(challenge: string, wishes: DigestWishes): string {
  const { method, uri, username, password, nonceCount = 1 } = wishes;
  const part = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
  const realm = part("realm");
  const nonce = part("nonce");
  const nc = nonceCount.toString(16).padStart(8, "0");
  const cnonce = "0a4f113b";
  const ha1 = md5(`${username}:${realm}:${password}`);
  const response = md5(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  return `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", qop=auth, nc=${nc}, cnonce="${cnonce}"`;
}
