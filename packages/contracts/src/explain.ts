/** `explain`: the pipeline as a dry run without side effects. Facts of a call in, each stage's verdict out. */
import { type Static, Type } from "typebox";

export const ExplainRequest = Type.Union([
  Type.Object({
    kind: Type.Literal("facts"),
    direction: Type.Union([Type.Literal("termination"), Type.Literal("origination")]),
    /** Address the request would come from. */
    sourceAddress: Type.String(),
    interface: Type.Optional(Type.String()),
    /** Host of the Request-URI. */
    host: Type.Optional(Type.String()),
    from: Type.String(),
    to: Type.String(),
    transport: Type.Optional(Type.Union([Type.Literal("UDP"), Type.Literal("TCP"), Type.Literal("TLS")])),
    /** Digest user that is assumed to have given the right password. */
    username: Type.Optional(Type.String()),
  }),
  Type.Object({
    kind: Type.Literal("invite"),
    /** The SIP message as text. */
    text: Type.String({ maxLength: 65536 }),
    sourceAddress: Type.String(),
    interface: Type.Optional(Type.String()),
    transport: Type.Optional(Type.Union([Type.Literal("UDP"), Type.Literal("TCP"), Type.Literal("TLS")])),
  }),
]);
export type ExplainRequest = Static<typeof ExplainRequest>;

export const ExplainStage = Type.Object({
  stage: Type.String(),
  verdict: Type.Union([Type.Literal("pass"), Type.Literal("refuse"), Type.Literal("skip")]),
  /** What the stage found. */
  text: Type.String(),
  reasonCode: Type.Union([Type.Integer(), Type.Null()]),
  statusCode: Type.Union([Type.Integer(), Type.Null()]),
});
export type ExplainStage = Static<typeof ExplainStage>;

export const ExplainCandidate = Type.Object({
  sid: Type.String(),
  url: Type.String(),
  edge: Type.Union([Type.String(), Type.Null()]),
  usable: Type.Boolean(),
  /** Why it stands at this place, or why it would be skipped. */
  text: Type.String(),
});
export type ExplainCandidate = Static<typeof ExplainCandidate>;

export const ExplainResult = Type.Object({
  gateway: Type.String(),
  snapshotVersion: Type.Integer(),
  trunkSid: Type.Union([Type.String(), Type.Null()]),
  accountSid: Type.Union([Type.String(), Type.Null()]),
  stages: Type.Array(ExplainStage),
  candidates: Type.Array(ExplainCandidate),
});
export type ExplainResult = Static<typeof ExplainResult>;
