import { parseNameAddr, type SipRequest } from "@tandem/sip/message";
import { numberOf } from "./number-of-address.ts";

/**
 * E.164 numbers that sent a call on, as its sender says: those of Diversion, the latest first (RFC 5806 §4), then those of
 * History-Info but for its last entry, which is where the call goes now (RFC 7044 §5). As many as the message has room for.
 */
export function divertingNumbersOf(request: SipRequest): string[] {
  return [...request.list("Diversion"), ...request.list("History-Info").slice(0, -1)].flatMap((value) => {
    const nameAddr = parseNameAddr(value);
    return (nameAddr.ok && numberOf(nameAddr.value, false)) || [];
  });
}
