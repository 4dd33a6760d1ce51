import type { CallDirection } from "@tandem/contracts";
import type { RewrittenNumbers } from "../pipeline/call-context.ts";
import { readStructured, writeStructured } from "./structured-value.ts";

/** The one hop that there is: a sister never forwards again. */
export const onlyHop = 1;
const version = "1";
const maximumNameCharacters = 64;
/** What is no number, `anonymous` say, may be of any length. */
const maximumNumberCharacters = 1024;
const maximumAttemptIndex = 999;

/** What a gateway asks of a sister: to place one attempt of one call. The value of `X-Tandem-Backbone` in an INVITE. */
export interface BackboneRequest {
  readonly keyId: number;
  readonly hop: number;
  /** Names of gateways. */
  readonly from: string;
  readonly to: string;
  /** Wall clock of the sender in milliseconds. */
  readonly timeMs: number;
  /** The exchangeCallId. */
  readonly callSid: string;
  readonly attemptIndex: number;
  readonly direction: CallDirection;
  /** Origination URL or carrier gateway. */
  readonly candidateSid: string;
  readonly trunkSid: string;
  readonly accountSid: string;
  readonly callingNumber: string;
  readonly calledNumber: string;
  /** What a header policy made of them for the customer. */
  readonly rewritten: RewrittenNumbers;
  /** The caller has heard ringing already. */
  readonly hasAlerted: boolean;
  /** Whatever its edge: over the internet, in place of a line that carried nothing. */
  readonly overInternet: boolean;
  /** What was found out of its PASSporTs: for a carrier an attestation, for a customer a VerStat. "": nothing. */
  readonly identity: string;
  /** 32 hex digits, never used twice. */
  readonly nonce: string;
}

export function writeBackboneRequest(request: BackboneRequest): string {
  return writeStructured([
    ["v", version],
    ["key", request.keyId],
    ["hop", request.hop],
    ["from", request.from],
    ["to", request.to],
    ["time", request.timeMs],
    ["call", request.callSid],
    ["attempt", request.attemptIndex],
    ["direction", request.direction],
    ["candidate", request.candidateSid],
    ["trunk", request.trunkSid],
    ["account", request.accountSid],
    ["calling", request.callingNumber],
    ["called", request.calledNumber],
    ["rewritten-to", request.rewritten.to],
    ["rewritten-from", request.rewritten.from],
    ["alerted", request.hasAlerted ? 1 : 0],
    ["internet", request.overInternet ? 1 : 0],
    ["identity", request.identity === "" ? undefined : request.identity],
    ["nonce", request.nonce],
  ]);
}

/** Undefined: not of this version, or not well-formed. Members that nobody knows are passed over. */
export function readBackboneRequest(value: string): BackboneRequest | undefined {
  const members = readStructured(value);
  if (members?.get("v") !== version) return undefined;
  const direction = members.get("direction");
  if (direction !== "termination" && direction !== "origination") return undefined;
  const text = (member: string, limit = maximumNameCharacters): string | undefined => {
    const found = members.get(member);
    return found !== undefined && found.length <= limit ? found : undefined;
  };
  const number = (member: string): number | undefined => decimal(members.get(member));
  const request = {
    keyId: number("key"),
    hop: number("hop"),
    from: text("from"),
    to: text("to"),
    timeMs: number("time"),
    callSid: text("call"),
    attemptIndex: number("attempt"),
    direction,
    candidateSid: text("candidate"),
    trunkSid: text("trunk"),
    accountSid: text("account"),
    callingNumber: text("calling", maximumNumberCharacters),
    calledNumber: text("called", maximumNumberCharacters),
    rewritten: {
      to: text("rewritten-to", maximumNumberCharacters),
      from: text("rewritten-from", maximumNumberCharacters),
    },
    hasAlerted: members.get("alerted") === "1",
    overInternet: members.get("internet") === "1",
    // A gateway of the version before does not tell.
    identity: text("identity") ?? "",
    nonce: text("nonce"),
  } as const;
  return isComplete(request) ? request : undefined;
}

type Claimed = { readonly [member in keyof BackboneRequest]: BackboneRequest[member] | undefined };

function isComplete(request: Claimed): request is BackboneRequest {
  if (Object.values(request).includes(undefined)) return false;
  return (request.attemptIndex ?? 0) <= maximumAttemptIndex && /^[0-9a-f]{32}$/.test(request.nonce ?? "");
}

function decimal(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
