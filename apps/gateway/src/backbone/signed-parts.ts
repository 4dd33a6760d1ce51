import { copyPassing, type SisterOccasion } from "@tandem/b2bua";
import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import { reasonHeaderField, rowsText } from "./backbone-signature.ts";

/**
 * What the signature of a request speaks for beside its own value: everything of the INVITE that reaches the far end, or
 * says which INVITE it is.
 */
export function requestParts(
  occasion: Pick<SisterOccasion, "callId" | "fromTag" | "body">,
  invite: { readonly requestUri: string; readonly from: string; readonly headerFields: HeaderFields },
): readonly string[] {
  const { callId, fromTag, body } = occasion;
  return [callId, invite.requestUri, `${invite.from};tag=${fromTag}`, rowsText(invite.headerFields), body];
}

/** The same of an INVITE that came. */
export function receivedRequestParts(request: SipRequest): readonly string[] {
  const passing = new HeaderFields();
  copyPassing(request, passing);
  const from = request.value("From") ?? "";
  return [request.callId, request.requestUri, from, rowsText(passing), request.body];
}

/** What the signature of a response speaks for: which INVITE it answers, and how. */
export function replyParts(parts: {
  readonly callId: string;
  readonly statusCode: number;
  readonly reasonValue: string;
  readonly body: string;
}): readonly string[] {
  return [parts.callId, String(parts.statusCode), parts.reasonValue, parts.body];
}

/** The same of a response that came. */
export function receivedReplyParts(response: SipResponse): readonly string[] {
  const { callId, statusCode, body } = response;
  return replyParts({ callId, statusCode, body, reasonValue: response.value(reasonHeaderField) ?? "" });
}
