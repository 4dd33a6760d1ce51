import { parseNameAddr } from "@tandem/sip/message";
import { parseSipUri } from "@tandem/sip/uri";
import type { CallContext } from "../pipeline/call-context.ts";
import { numberPart } from "../pipeline/number-part.ts";

/**
 * Whether a customer's Diversion may go to a carrier. One that names a domain of ours claims that a number of ours
 * was diverted: it stays only when that number is the account's, or a verified caller ID of it.
 */
export function mayDivert(call: CallContext, value: string): boolean {
  const nameAddr = parseNameAddr(value);
  if (!nameAddr.ok) return false;
  const uri = parseSipUri(nameAddr.value.addrSpec);
  if (!uri.ok) return true;
  const isOurs = uri.value.host === call.table.snapshot.baseDomain || call.table.isOurHost(uri.value.host);
  if (!isOurs) return true;
  return call.table.isCallerIdOf(call.knownTrunk.accountSid, numberPart(uri.value.user ?? ""));
}
