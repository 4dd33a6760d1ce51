import type { Reason } from "@tandem/reasons";
import { ownText } from "@tandem/sip/message";
import type { MediaEngineFacts } from "./call-media.ts";
import type { LegReceived } from "./leg-received.ts";

/** One try of one candidate, or why it was not tried. */
export interface AttemptFacts {
  readonly index: number;
  readonly candidateSid: string;
  readonly carrierSid: string | undefined;
  /** As configured; where a 302 led to once one was followed. */
  url: string;
  edge: string | undefined;
  interfaceName: string | undefined;
  connection: string | undefined;
  /** Sister gateway that placed it for us. */
  viaGateway: string | undefined;
  remote: string | undefined;
  sipCallId: string | undefined;
  readonly startedAtMs: number;
  postDialDelayMs: number | undefined;
  endedAtMs: number;
  result: "answered" | "failed" | "skipped" | "abandoned";
  statusCode: number | undefined;
  reasonPhrase: string | undefined;
  q850Cause: number | undefined;
  reason: Reason | undefined;
  reasonText: string | undefined;
}

export type ReleasedBy = "caller" | "callee" | "exchange" | "operator";

/** What happened to a call; its record is made of it. Wall-clock times in Unix milliseconds. */
export interface CallFacts {
  readonly exchangeCallId: string;
  readonly setupAtMs: number;
  answeredAtMs: number | undefined;
  releasedAtMs: number | undefined;
  /** INVITE received to the first 18x or 2xx passed on. */
  postDialDelayMs: number | undefined;
  releasedBy: ReleasedBy | undefined;
  /** Final status code to the caller in set-up. */
  statusCode: number | undefined;
  q850Cause: number | undefined;
  reason: Reason | undefined;
  reasonText: string | undefined;
  ingressSipCallId: string;
  egressSipCallId: string | undefined;
  carrierSid: string | undefined;
  /** The call that a transfer made of this one. */
  transferredTo?: string;
  attempts: AttemptFacts[];
  fromIngress: LegReceived;
  fromEgress: LegReceived;
  /** Undefined: no media were set up. */
  mediaEngine: MediaEngineFacts | undefined;
  adopted: boolean;
}

/** The facts of a call that has just come. */
export function newFacts(exchangeCallId: string, setupAtMs: number, ingressSipCallId: string): CallFacts {
  const nothing = { packets: 0, bytes: 0, lost: 0, jitterMs: 0, events: null, foreignPackets: null };
  return {
    exchangeCallId,
    setupAtMs,
    answeredAtMs: undefined,
    releasedAtMs: undefined,
    postDialDelayMs: undefined,
    releasedBy: undefined,
    statusCode: undefined,
    q850Cause: undefined,
    reason: undefined,
    reasonText: undefined,
    ingressSipCallId: ownText(ingressSipCallId),
    egressSipCallId: undefined,
    carrierSid: undefined,
    attempts: [],
    fromIngress: nothing,
    fromEgress: nothing,
    mediaEngine: undefined,
    adopted: false,
  };
}
