import type { HeaderFields, OutgoingRequest } from "../message/index.ts";
import type { ClientTransaction } from "./client-transaction.ts";
import { derivedRequest } from "./derived-request.ts";

/** The CANCEL for an INVITE: To is the INVITE's own, without the tag of any response (RFC 3261 §9.1). */
export function cancelRequest(invite: ClientTransaction, headerFields?: HeaderFields): OutgoingRequest {
  const { request } = invite;
  const cancel = derivedRequest("CANCEL", request, invite.derivedVia, request.headerFields.value("To") ?? "");
  if (headerFields !== undefined) {
    cancel.headerFields.appendAll(headerFields);
  }
  return cancel;
}
