/** SIP messages of some calls, kept by the gateways for whoever asked for them. */
import { type Static, Type } from "typebox";

/** Calls that one capture may take. */
export const maximumCapturedCalls = 100;
/** A capture ends by itself. */
export const maximumCaptureSeconds = 3600;

/** The calls that are wanted: both must fit where both are given. */
export const CaptureRule = Type.Object({
  trunkSid: Type.Union([Type.String(), Type.Null()]),
  /** E.164, called or calling. */
  number: Type.Union([Type.String(), Type.Null()]),
  /** On each gateway. */
  calls: Type.Integer({ minimum: 1, maximum: maximumCapturedCalls }),
  seconds: Type.Integer({ minimum: 1, maximum: maximumCaptureSeconds }),
});
export type CaptureRule = Static<typeof CaptureRule>;

export const CaptureState = Type.Object({
  rule: CaptureRule,
  /** 0: it takes nothing more. */
  secondsLeft: Type.Integer({ minimum: 0 }),
});
export type CaptureState = Static<typeof CaptureState>;

export const CapturedCall = Type.Object({
  callSid: Type.String(),
  trunkSid: Type.Union([Type.String(), Type.Null()]),
  callingNumber: Type.String(),
  calledNumber: Type.String(),
  startedAtMs: Type.Number(),
  /** So many are kept. */
  messages: Type.Integer({ minimum: 0 }),
  /** False: it had more than are kept of one call. */
  isWhole: Type.Boolean(),
});
export type CapturedCall = Static<typeof CapturedCall>;

const MessageEnd = Type.Object({ address: Type.String(), port: Type.Integer() });

export const CapturedMessage = Type.Object({
  /** Milliseconds of the Unix epoch, with a fraction, by the gateway's clock. */
  atMs: Type.Number(),
  /** By the gateway; false: it received it. */
  isSent: Type.Boolean(),
  protocol: Type.Union([Type.Literal("UDP"), Type.Literal("TCP"), Type.Literal("TLS")]),
  local: MessageEnd,
  remote: MessageEnd,
  /** One character per byte, without keys and passwords. */
  text: Type.String(),
});
export type CapturedMessage = Static<typeof CapturedMessage>;
