import { HeaderFields, OutgoingRequest } from "../message/index.ts";

/** Max-Forwards of requests that start here (RFC 3261 §8.1.1.6). */
export const initialMaxForwards = "70";

/**
 * ACK for a failure or CANCEL: same Request-URI, Call-ID, From, sequence number, Route and topmost Via as the INVITE
 * (RFC 3261 §17.1.1.3, §9.1), and nothing else of it.
 */
export function derivedRequest(
  method: "ACK" | "CANCEL",
  invite: OutgoingRequest,
  via: string,
  to: string,
): OutgoingRequest {
  const fields = new HeaderFields();
  const original = invite.headerFields;
  fields.append("Via", via);
  fields.append("Max-Forwards", initialMaxForwards);
  for (const route of original.values("Route")) fields.append("Route", route);
  fields.append("From", original.value("From") ?? "");
  fields.append("To", to);
  fields.append("Call-ID", original.value("Call-ID") ?? "");
  fields.append("CSeq", `${Number.parseInt(original.value("CSeq") ?? "", 10)} ${method}`);
  return new OutgoingRequest(method, invite.requestUri, fields);
}
