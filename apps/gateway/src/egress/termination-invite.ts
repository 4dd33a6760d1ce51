import { copyPassing, type EgressInvite } from "@tandem/b2bua";
import type { ParsedCandidateUri } from "@tandem/routing";
import { HeaderFields } from "@tandem/sip/message";
import type { CallContext } from "../pipeline/call-context.ts";
import { sayPrivacy, wantsAnonymity } from "../pipeline/privacy-request.ts";
import { mayDivert } from "./diversion-policy.ts";
import { nameAddrText, requestUriOf } from "./sip-uri-text.ts";
import { restrictUserDetails } from "./user-details.ts";

/** The INVITE that a carrier gets: our identity of the caller, everything else of the customer's that may pass. */
export function terminationInvite(call: CallContext, uri: ParsedCandidateUri): EgressInvite {
  const { baseDomain } = call.table.snapshot;
  const requestUri = requestUriOf(uri, call.calledNumber);
  const callerUri = `sip:${call.callingNumber}@${baseDomain}`;
  const headerFields = new HeaderFields();
  copyPassing(call.request, headerFields);
  sayPrivacy(call.request, headerFields);
  // Whoever calls for help is to be found.
  if (!call.isEmergency) restrictUserDetails(call.request, headerFields);
  const diversions = call.request.list("Diversion");
  if (diversions.length > 0) {
    headerFields.delete("Diversion");
    for (const value of diversions) if (mayDivert(call, value)) headerFields.append("Diversion", value);
  }
  headerFields.append("P-Asserted-Identity", `<${callerUri}>`);
  for (const header of uri.headers) headerFields.append(header.name, header.value);
  return {
    requestUri,
    // RFC 3323 §4.1.1: the From must not tell what the network asserts beside it.
    from: wantsAnonymity(call.request)
      ? '"Anonymous" <sip:anonymous@anonymous.invalid>'
      : nameAddrText(call.callerDisplayName, callerUri),
    to: `<sip:${call.calledNumber}@${uri.host}>`,
    headerFields,
  };
}
