import { type SdpError, sdpError } from "./sdp-error.ts";

/** An o= line, RFC 8866 §5.2. Identifiers are texts: they may be longer than a number can hold. */
export interface Origin {
  readonly username: string;
  readonly sessionId: string;
  /** Stays the same when a later description of the session is unchanged (RFC 3264 §8). */
  readonly sessionVersion: string;
  readonly addressType: string;
  readonly address: string;
}

/** Reads the value of an o= line from its end: some devices write a user name with spaces in it. */
export function parseOrigin(value: string, line: number): Origin | SdpError {
  const tokens = value.trim().split(" ");
  const count = tokens.length;
  if (count < 6) return sdpError("malformed-origin", "o= has fewer than six fields", line);
  return {
    username: tokens.slice(0, count - 5).join(" "),
    sessionId: tokens[count - 5] ?? "",
    sessionVersion: tokens[count - 4] ?? "",
    addressType: tokens[count - 2] ?? "",
    address: tokens[count - 1] ?? "",
  };
}
