import { failure, type Parsed, success } from "../uri/parsed.ts";
import type { Message } from "./message.ts";
import { type NameAddr, parseNameAddr } from "./name-addr.ts";

/** One value of Remote-Party-ID, draft-ietf-sip-privacy-04 §5.1: never an RFC, still what many elements send. */
export interface RemotePartyId {
  readonly address: NameAddr;
  /** Lower case: calling, called; undefined when absent, which means calling in a request. */
  readonly party: string | undefined;
  /** Lower case: no, yes; undefined when absent. */
  readonly screen: string | undefined;
  /** Lower case: full, name, uri, off; undefined when absent. */
  readonly privacy: string | undefined;
}

const malformed = failure(
  "remote-party-id-malformed",
  "Malformed Remote-Party-ID header field",
  "Remote-Party-ID",
);

/** Parses one Remote-Party-ID value. */
export function parseRemotePartyId(value: string): Parsed<RemotePartyId> {
  const address = parseNameAddr(value);
  if (!address.ok) return malformed;
  const { parameters } = address.value;
  return success({
    address: address.value,
    party: parameters.get("party")?.toLowerCase(),
    screen: parameters.get("screen")?.toLowerCase(),
    privacy: parameters.get("privacy")?.toLowerCase(),
  });
}

/** The Remote-Party-ID that speaks of the caller: the first whose party is calling or unsaid. Undefined when there is none. */
export function callingPartyOf(message: Message): Parsed<RemotePartyId | undefined> {
  for (const value of message.list("Remote-Party-ID")) {
    const parsed = parseRemotePartyId(value);
    if (!parsed.ok) return parsed;
    const { party } = parsed.value;
    if (party === undefined || party === "calling") return parsed;
  }
  return success(undefined);
}
