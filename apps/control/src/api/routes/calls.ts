import { CallStatus, type LiveCall } from "@tandem/contracts";
import { type CallFilters, type CallLegRow, type CallRow, findCall, findCallLegs } from "@tandem/database";
import type { FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { List2010, page2010, pageParameters, pageRequestOf } from "../conventions/paging.ts";
import { answers, OneOf, PathSids, SidText } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope, Routes } from "../conventions/route-scope.ts";
import { timeSpanOf } from "../conventions/time-filters.ts";
import { AudioSampleOfCall, pageOf, presentSample, samplesOf } from "./audio-samples.ts";
import { listAllCalls } from "./call-list.ts";
import { Call, type CallViewer, presentCall, presentLiveCall } from "./call-resource.ts";

/** Calls in progress on all gateways; the hub of the gateway stream is one. */
export interface LiveCallSource {
  /** All, or the one with that SID; oldest first. `missing`: gateways that gave no answer. */
  liveCalls(
    callSid?: string,
  ): Promise<{ readonly calls: readonly LiveCall[]; readonly missing: readonly string[] }>;
  /** Ends the call; false: no gateway has it. */
  hangUp(callSid: string): Promise<boolean>;
}

const time = Type.Optional(
  Type.String({ description: "Date or ISO 8601 date and time (UTC); < and > include it." }),
);
const text = Type.Optional(Type.String({ maxLength: 255 }));

const Filters = Type.Object({
  ...pageParameters,
  To: text,
  From: text,
  Status: Type.Optional(OneOf(CallStatus.anyOf.map((status) => status.const))),
  ParentCallSid: Type.Optional(SidText("CA")),
  TrunkSid: Type.Optional(SidText("TK")),
  ConnectionSid: Type.Optional(
    Type.String({
      ...SidText("TX"),
      description: "Calls that are over and came, or were to leave, over this private line.",
    }),
  ),
  OneWayAudio: Type.Optional(OneOf(["caller", "callee"])),
  TelephoneEventsFrom: Type.Optional(
    Type.Unsafe<"caller" | "callee">({
      ...OneOf(["caller", "callee"]),
      description: "Calls that are over and in which key presses of that side came (RFC 4733).",
    }),
  ),
  MosBelow: Type.Optional(
    Type.Number({
      minimum: 1,
      maximum: 5,
      description: "Calls that are over and whose mean opinion score was lower in one direction.",
    }),
  ),
  StartTime: time,
  "StartTime<": time,
  "StartTime>": time,
  EndTime: time,
  "EndTime<": time,
  "EndTime>": time,
  Search: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: "SID, number or SIP Call-ID, or its beginning.",
    }),
  ),
});

const UpdateParameters = Type.Object({ Status: OneOf(["completed", "canceled"]) });

const path = "/Accounts/:AccountSid/Calls";
const params = PathSids({ AccountSid: "AC" });
const itemParams = PathSids({ AccountSid: "AC", Sid: "CA" });
const tags = ["calls"];

/** Calls of an account: finished ones from the database, those in progress from the gateways. */
export function callRoutes(live: LiveCallSource): Routes {
  return (scope, context) => {
    addReads(scope, context, live);
    addSamples(scope, context);
    addUpdate(scope, context, live);
  };
}

function addReads(scope: RouteScope, context: RouteContext, live: LiveCallSource): void {
  scope.get(
    `${path}.json`,
    {
      schema: {
        operationId: "ListCall",
        tags,
        params,
        querystring: Filters,
        response: answers(200, List2010("calls", Call)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const filters = filtersOf(request.query);
      const inProgress = mayBeLive(filters) ? (await live.liveCalls()).calls : [];
      const page = await listAllCalls(
        context.database,
        request.accountSid,
        inProgress,
        filters,
        wanted.window,
      );
      const viewer = viewerOf(request);
      const sids = page.rows.flatMap((call) => ("stored" in call ? [call.stored.sid] : []));
      const legs = await findCallLegs(context.database, sids);
      return page2010("calls", wanted, page, (call) =>
        "live" in call
          ? presentLiveCall(call.live, viewer)
          : presentCall(call.stored, legs.get(call.stored.sid) ?? [], viewer),
      );
    },
  );

  scope.get(
    `${path}/:Sid.json`,
    { schema: { operationId: "FetchCall", tags, params: itemParams, response: answers(200, Call) } },
    async (request) => {
      const state = await stateOf(context, live, request.accountSid, request.params.Sid);
      return present(state, viewerOf(request));
    },
  );
}

/** A call in progress has none yet: its gateway tells of them with the record. */
function addSamples(scope: RouteScope, context: RouteContext): void {
  scope.get(
    `${path}/:CallSid/AudioSamples.json`,
    {
      schema: {
        operationId: "ListCallAudioSample",
        tags,
        params: PathSids({ AccountSid: "AC", CallSid: "CA" }),
        querystring: Type.Object(pageParameters),
        response: answers(200, List2010("audio_samples", AudioSampleOfCall)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const call = await findCall(context.database, request.accountSid, request.params.CallSid);
      if (call === undefined) throw new ApiError("notFound");
      const page = pageOf(samplesOf(call.record), wanted.window);
      return page2010("audio_samples", wanted, page, (row) => presentSample(call.record, row));
    },
  );
}

function addUpdate(scope: RouteScope, context: RouteContext, live: LiveCallSource): void {
  scope.post(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "UpdateCall",
        tags,
        params: itemParams,
        body: UpdateParameters,
        response: answers(200, Call),
      },
    },
    async (request) => {
      const state = await stateOf(context, live, request.accountSid, request.params.Sid);
      if (!("live" in state) || !isInProgress(state.live.status)) throw new ApiError("callNotInProgress");
      // `canceled` is for calls that were not answered yet; `completed` ends any.
      if (request.body.Status === "canceled" && state.live.answeredAtMs !== null) {
        throw new ApiError("callNotInProgress", "It was answered and can only be completed.");
      }
      if (!(await live.hangUp(state.live.sid))) throw new ApiError("callNotInProgress");
      await context.recordCommand();
      return present({ live: { ...state.live, status: request.body.Status } }, viewerOf(request));
    },
  );
}

function filtersOf(query: Static<typeof Filters>): CallFilters {
  return {
    calledNumber: query.To,
    callingNumber: query.From,
    status: query.Status,
    parentCallSid: query.ParentCallSid,
    trunkSid: query.TrunkSid,
    connectionSid: query.ConnectionSid,
    oneWayAudio: query.OneWayAudio,
    eventsFrom: query.TelephoneEventsFrom,
    mosBelow: query.MosBelow,
    startTime: timeSpanOf("StartTime", query),
    endTime: timeSpanOf("EndTime", query),
    search: query.Search,
  };
}

/** Gateways are only asked when a call in progress could pass the filters. */
function mayBeLive(filters: CallFilters): boolean {
  const { status, connectionSid, oneWayAudio, mosBelow, eventsFrom } = filters;
  // Gateways do not say over which line a call in progress goes, nor how it sounds or which keys were pressed in it.
  if ([connectionSid, oneWayAudio, mosBelow, eventsFrom].some((one) => one !== undefined)) return false;
  return status === undefined || isInProgress(status);
}

function isInProgress(status: string): boolean {
  return status === "queued" || status === "ringing" || status === "in-progress";
}

type CallState =
  | { readonly live: LiveCall }
  | { readonly stored: CallRow; readonly legs: readonly CallLegRow[] };

/**
 * Gateways first: they tell of a call until its record is in the database, where it is looked for then. Throws 404, or 503 if a
 * gateway is mute.
 */
async function stateOf(
  context: RouteContext,
  source: LiveCallSource,
  accountSid: string,
  sid: string,
): Promise<CallState> {
  const { calls, missing } = await source.liveCalls(sid);
  const stored = await findCall(context.database, accountSid, sid);
  if (stored !== undefined) {
    return { stored, legs: (await findCallLegs(context.database, [sid])).get(sid) ?? [] };
  }
  const live = calls.find((call) => call.accountSid === accountSid);
  if (live !== undefined) return { live };
  if (missing.length > 0) throw new ApiError("gatewayUnreachable", `No answer from ${missing.join(", ")}.`);
  throw new ApiError("notFound");
}

function present(state: CallState, viewer: CallViewer): Call {
  if ("live" in state) return presentLiveCall(state.live, viewer);
  return presentCall(state.stored, state.legs, viewer);
}

function viewerOf(request: FastifyRequest): CallViewer {
  return { accountSid: request.accountSid, isOperator: request.caller.isOperator };
}
