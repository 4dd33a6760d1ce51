import type { SipMessage } from "@tandem/sip/message";

/** Whether a request brings an answer to a challenge, right or wrong. */
export function hasCredentials(message: SipMessage): boolean {
  return message.has("Proxy-Authorization") || message.has("Authorization");
}
