import { parseNameAddr, type SipRequest } from "../message/index.ts";
import { schemeOf } from "../uri/index.ts";

/**
 * Whether the Contact that answers a request has to be a SIPS URI (RFC 3261 §12.1.1): one stands in its Request-URI, or in
 * its topmost Record-Route, or, when there is no Record-Route, in its Contact.
 */
export function asksForSips(request: SipRequest): boolean {
  if (schemeOf(request.requestUri) === "sips") return true;
  const [topmost] = request.list("Record-Route");
  if (topmost !== undefined) {
    const route = parseNameAddr(topmost);
    return route.ok && schemeOf(route.value.addrSpec) === "sips";
  }
  const contact = request.contact();
  if (!contact.ok || contact.value === undefined || contact.value === "*") return false;
  return schemeOf(contact.value.addrSpec) === "sips";
}
