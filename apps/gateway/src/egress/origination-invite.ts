import { copyPassing, type EgressInvite } from "@tandem/b2bua";
import type { ParsedCandidateUri } from "@tandem/routing";
import { HeaderFields } from "@tandem/sip/message";
import { escapeUser } from "@tandem/sip/uri";
import type { CallContext } from "../pipeline/call-context.ts";
import { sayPrivacy, wantsAnonymity } from "../pipeline/privacy-request.ts";
import { visibleDiversions } from "./carrier-diversions.ts";
import { restrictHistory } from "./history-info.ts";
import { ownHeaderNames } from "./own-header-names.ts";
import { nameAddrText, requestUriOf } from "./sip-uri-text.ts";
import { restrictUserDetails } from "./user-details.ts";

/**
 * The INVITE that a customer gets. The dialled number, or what a header policy made of it, is the user of the Request-URI unless the URL has a user of its
 * own; in Diversion it always stands. The carrier's host appears nowhere.
 */
export function originationInvite(
  call: CallContext,
  uri: ParsedCandidateUri,
  exchangeCallId: string,
): EgressInvite {
  const { baseDomain } = call.table.snapshot;
  const trunk = call.knownTrunk;
  const { rewritten } = call;
  const requestUri = requestUriOf(uri, uri.user ?? escapeUser(rewritten.to ?? call.calledNumber));
  const ourHost = trunk.domainLabel === null ? baseDomain : `${trunk.domainLabel}.pstn.${baseDomain}`;
  const caller = escapeUser(rewritten.from ?? call.callingNumber);
  const names = ownHeaderNames(call.account);
  const headerFields = new HeaderFields();
  copyPassing(call.request, headerFields);
  sayPrivacy(call.request, headerFields);
  restrictUserDetails(call.request, headerFields);
  // A PASSporT names the caller (RFC 8224 §10).
  if (wantsAnonymity(call.request)) headerFields.delete("Identity");
  restrictHistory(call.request, headerFields);
  headerFields.delete("Diversion");
  headerFields.append("Diversion", `<sip:${call.calledNumber}@${baseDomain}>;reason=unconditional`);
  for (const value of visibleDiversions(call.request)) headerFields.append("Diversion", value);
  if (call.callingNumber.startsWith("+")) {
    headerFields.append("P-Asserted-Identity", `<sip:${caller}@${baseDomain}>`);
  }
  headerFields.append(names.accountSid, trunk.accountSid);
  headerFields.append(names.callSid, exchangeCallId);
  if (call.stir.verStat !== null) headerFields.append(names.verStat, call.stir.verStat);
  for (const header of uri.headers) headerFields.append(header.name, header.value);
  return {
    requestUri,
    from: nameAddrText(call.callerDisplayName, `sip:${caller}@${ourHost}`),
    to: `<${requestUri}>`,
    headerFields,
  };
}
