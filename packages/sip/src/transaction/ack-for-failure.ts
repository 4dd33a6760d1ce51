import { type SipResponse, serialize } from "../message/index.ts";
import type { ClientTransaction } from "./client-transaction.ts";
import { derivedRequest } from "./derived-request.ts";

/** The ACK that the transaction itself sends for a 3xx-6xx: To, with its tag, comes from the response (RFC 3261 §17.1.1.3). */
export function ackForFailure(invite: ClientTransaction, response: SipResponse): string {
  return serialize(derivedRequest("ACK", invite.request, invite.derivedVia, response.value("To") ?? ""));
}
