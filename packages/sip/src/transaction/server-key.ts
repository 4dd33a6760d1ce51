import { magicCookie, type SipRequest } from "../message/index.ts";

/**
 * Key by which a request finds its server transaction (RFC 3261 §17.2.3). `method` is that of the request the
 * transaction was made for: INVITE for an ACK or a CANCEL.
 * The text of the parts is compared as it stands: an element repeats its own header fields unchanged.
 */
export function serverKey(request: SipRequest, method: string): string {
  const via = request.via();
  if (!via.ok) return "";
  const { branch, host, port, text } = via.value;
  if (branch?.startsWith(magicCookie) === true) return `${branch} ${host}:${port ?? ""} ${method}`;
  // RFC 2543 element: all that identifies the request, but for the To tag, which an ACK has and its INVITE has not.
  return `${request.callId} ${request.cseqNumber} ${method} ${request.fromTag} ${request.requestUri} ${text}`;
}

/** Whether the sender's branch identifies the transaction. */
export function hasMagicCookie(request: SipRequest): boolean {
  return request.branch.startsWith(magicCookie);
}

/**
 * Key by which copies of one request that came along different paths are recognised (RFC 3261 §8.2.2.2), and an ACK for
 * a 2xx its INVITE. Only for requests without a To tag.
 */
export function mergeKey(request: SipRequest, method: string): string {
  return `${request.callId} ${request.cseqNumber} ${method} ${request.fromTag}`;
}
