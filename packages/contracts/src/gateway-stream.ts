/**
 * The one authenticated bidirectional stream between control and a gateway: JSON text frames on a WebSocket that the
 * gateway opens at `/gateway-stream` with `Authorization: Bearer <gateway token>`.
 *
 * Resumable: the gateway says in `hello` which snapshot it holds; control answers with a newer one only if there is
 * one: as what changed since, as a whole in one frame, or, when that would be a large frame, as a whole in several. Entries that control has not confirmed with `stored` are sent again after a reconnect.
 */
import { type Static, Type } from "typebox";
import { Alert, CallRecord, CallStatus, LegRecord } from "./call-record.ts";
import { CapturedCall, CapturedMessage, CaptureRule, CaptureState } from "./capture.ts";
import { ExplainRequest, ExplainResult } from "./explain.ts";
import { ConnectionHealth, SisterHealthReport, SnapshotGatewayInterface } from "./interconnect.ts";
import { Snapshot, upgradeSnapshot } from "./snapshot.ts";
import { SnapshotChange, SnapshotCounts, SnapshotObjects, SnapshotSettings } from "./snapshot-change.ts";

export const gatewayStreamVersion = 1;
export const gatewayStreamPath = "/gateway-stream";

/** A call in progress, as a gateway reports it. */
export const LiveCall = Type.Object({
  sid: Type.String(),
  direction: Type.Union([Type.Literal("termination"), Type.Literal("origination")]),
  accountSid: Type.Union([Type.String(), Type.Null()]),
  trunkSid: Type.Union([Type.String(), Type.Null()]),
  callingNumber: Type.String(),
  calledNumber: Type.String(),
  status: CallStatus,
  setupAtMs: Type.Number(),
  answeredAtMs: Type.Union([Type.Number(), Type.Null()]),
});
export type LiveCall = Static<typeof LiveCall>;

/** State of one target of the gateway's health probes. */
export const TargetHealth = Type.Object({
  /** Carrier gateway SID or origination URL SID. */
  sid: Type.String(),
  interface: Type.String(),
  connection: Type.Union([Type.String(), Type.Null()]),
  state: Type.Union([Type.Literal("up"), Type.Literal("down"), Type.Literal("unknown")]),
  reason: Type.Union([Type.String(), Type.Null()]),
});
export type TargetHealth = Static<typeof TargetHealth>;

/** A call record, a leg record or an alert; the gateway's outbox holds these in order of `sequence`. */
export const OutboxEntry = Type.Union([
  Type.Object({ sequence: Type.Integer(), kind: Type.Literal("call-record"), record: CallRecord }),
  Type.Object({ sequence: Type.Integer(), kind: Type.Literal("leg-record"), leg: LegRecord }),
  Type.Object({ sequence: Type.Integer(), kind: Type.Literal("alert"), alert: Alert }),
]);
export type OutboxEntry = Static<typeof OutboxEntry>;

/** A source that a gateway does not hear for a while. */
export const SourceBan = Type.Object({
  /** Interface of the gateway. */
  interface: Type.String(),
  address: Type.String(),
  cause: Type.Union([Type.Literal("scanner"), Type.Literal("stranger"), Type.Literal("wrong-credentials")]),
  /** The address has answered, over TCP or TLS; over UDP anybody may have written it. */
  verified: Type.Boolean(),
  /** Until it ends by itself. */
  secondsLeft: Type.Number({ minimum: 0 }),
});
export type SourceBan = Static<typeof SourceBan>;

export const GatewayCommand = Type.Union([
  /** Ends one call: BYE both ways, or refusal with 480 in set-up. */
  Type.Object({ name: Type.Literal("hang-up"), callSid: Type.String() }),
  /** Takes no new calls; `exitWhenIdle` ends the process when the last call has gone. */
  Type.Object({ name: Type.Literal("drain"), exitWhenIdle: Type.Boolean() }),
  Type.Object({ name: Type.Literal("explain"), request: ExplainRequest }),
  /** Whether this gateway has that call, and which calls it has: those in progress, and those that have ended lately. */
  Type.Object({ name: Type.Literal("live-calls"), callSid: Type.Union([Type.String(), Type.Null()]) }),
  Type.Object({ name: Type.Literal("bans") }),
  /** On all interfaces. */
  Type.Object({ name: Type.Literal("lift-ban"), address: Type.String() }),
  /** Takes the messages of the next calls that the rule is for, and forgets those that it has; null: only that. */
  Type.Object({ name: Type.Literal("capture"), rule: Type.Union([CaptureRule, Type.Null()]) }),
  /** The calls that it has captured; the messages of one of them. */
  Type.Object({ name: Type.Literal("captured"), callSid: Type.Union([Type.String(), Type.Null()]) }),
]);
export type GatewayCommand = Static<typeof GatewayCommand>;

/** Frames from control to a gateway. */
export const ControlFrame = Type.Union([
  Type.Object({ kind: Type.Literal("welcome"), streamVersion: Type.Integer() }),
  Type.Object({ kind: Type.Literal("snapshot"), snapshot: Snapshot }),
  /** A whole snapshot follows in pieces; one that was under way before is given up. */
  Type.Object({ kind: Type.Literal("snapshot-begin"), settings: SnapshotSettings, counts: SnapshotCounts }),
  Type.Object({ kind: Type.Literal("snapshot-objects"), objects: SnapshotObjects }),
  /** It is complete: applied as a whole or refused as a whole. */
  Type.Object({ kind: Type.Literal("snapshot-end"), version: Type.Integer() }),
  /** Only to a gateway whose `hello` said that it takes them. */
  Type.Object({ kind: Type.Literal("snapshot-change"), change: SnapshotChange }),
  /** All outbox entries up to and including `sequence` are stored. */
  Type.Object({ kind: Type.Literal("stored"), sequence: Type.Integer() }),
  Type.Object({ kind: Type.Literal("command"), id: Type.Integer(), command: GatewayCommand }),
]);
export type ControlFrame = Static<typeof ControlFrame>;

/** A snapshot frame of a control one version back becomes one of this version; anything else is returned as it is. */
export function upgradeControlFrame(content: unknown): unknown {
  if (typeof content !== "object" || content === null) return content;
  const frame = content as { kind?: unknown; snapshot?: unknown };
  return frame.kind === "snapshot" ? { ...frame, snapshot: upgradeSnapshot(frame.snapshot) } : content;
}

export const CommandResult = Type.Union([
  Type.Object({ ok: Type.Literal(true), name: Type.Literal("hang-up"), found: Type.Boolean() }),
  Type.Object({ ok: Type.Literal(true), name: Type.Literal("drain") }),
  Type.Object({ ok: Type.Literal(true), name: Type.Literal("explain"), result: ExplainResult }),
  Type.Object({ ok: Type.Literal(true), name: Type.Literal("live-calls"), calls: Type.Array(LiveCall) }),
  Type.Object({ ok: Type.Literal(true), name: Type.Literal("bans"), bans: Type.Array(SourceBan) }),
  Type.Object({ ok: Type.Literal(true), name: Type.Literal("lift-ban"), lifted: Type.Integer() }),
  Type.Object({ ok: Type.Literal(true), name: Type.Literal("capture") }),
  Type.Object({
    ok: Type.Literal(true),
    name: Type.Literal("captured"),
    /** Null: none was started. */
    state: Type.Union([CaptureState, Type.Null()]),
    calls: Type.Array(CapturedCall),
    /** Of the one call that was asked for. */
    messages: Type.Array(CapturedMessage),
  }),
  Type.Object({ ok: Type.Literal(false), error: Type.String() }),
]);
export type CommandResult = Static<typeof CommandResult>;

/** Frames from a gateway to control. */
export const GatewayFrame = Type.Union([
  Type.Object({
    kind: Type.Literal("hello"),
    streamVersion: Type.Integer(),
    gateway: Type.String(),
    edge: Type.String(),
    /** 0 when it holds none. */
    snapshotVersion: Type.Integer(),
    startedAtMs: Type.Number(),
    /** It understands `snapshot-change` and snapshots in pieces. Left out: it does not. */
    takesChanges: Type.Optional(Type.Boolean()),
    /** Where it is reached; its sisters and the name servers learn it from the next snapshot. */
    interfaces: Type.Optional(Type.Array(SnapshotGatewayInterface)),
  }),
  Type.Object({
    kind: Type.Literal("applied"),
    snapshotVersion: Type.Integer(),
    /** From the frame that completed it, unread yet, until calls went by it; milliseconds. */
    tookMs: Type.Optional(Type.Number({ minimum: 0 })),
  }),
  /** A change did not fit what the gateway holds: it needs the whole. */
  Type.Object({
    kind: Type.Literal("snapshot-wanted"),
    snapshotVersion: Type.Integer(),
    why: Type.String(),
  }),
  Type.Object({ kind: Type.Literal("entries"), entries: Type.Array(OutboxEntry) }),
  Type.Object({
    kind: Type.Literal("state"),
    liveCalls: Type.Integer(),
    draining: Type.Boolean(),
    targets: Type.Array(TargetHealth),
    /** Lines of this gateway's edge. */
    connections: Type.Optional(Type.Array(ConnectionHealth)),
    /** The other gateways that have a backbone interface. */
    sisters: Type.Optional(Type.Array(SisterHealthReport)),
  }),
  Type.Object({ kind: Type.Literal("result"), id: Type.Integer(), result: CommandResult }),
]);
export type GatewayFrame = Static<typeof GatewayFrame>;
