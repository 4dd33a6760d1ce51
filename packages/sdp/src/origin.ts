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
  const text = value.trim();
  const beforeAddress = text.lastIndexOf(" ");
  const beforeAddressType = spaceBefore(text, beforeAddress);
  const beforeNetworkType = spaceBefore(text, beforeAddressType);
  const beforeVersion = spaceBefore(text, beforeNetworkType);
  const beforeId = spaceBefore(text, beforeVersion);
  if (beforeId < 0) return sdpError("malformed-origin", "o= has fewer than six fields", line);
  return {
    username: text.slice(0, beforeId),
    sessionId: text.slice(beforeId + 1, beforeVersion),
    sessionVersion: text.slice(beforeVersion + 1, beforeNetworkType),
    addressType: text.slice(beforeAddressType + 1, beforeAddress),
    address: text.slice(beforeAddress + 1),
  };
}

/** The last space before a position; -1 when there is none, or no such position. */
function spaceBefore(text: string, at: number): number {
  return at <= 0 ? -1 : text.lastIndexOf(" ", at - 1);
}
