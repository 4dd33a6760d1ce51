import {
  type CapturedCall,
  type CapturedMessage,
  type CommandResult,
  type GatewayCommand,
  maximumCapturedCalls,
  maximumCaptureSeconds,
} from "@tandem/contracts";
import Type, { type Static } from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { iso8601 } from "../conventions/dates.ts";
import { answers, answersNothing, Nullable, OneOf, PathSids, SidText } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { ladderEnds } from "../rules/ladder-ends.ts";
import type { GatewaySource } from "./gateways.ts";

const defaultCalls = 10;
const defaultSeconds = 300;

const Parameters = Type.Object({
  TrunkSid: Type.Optional(SidText("TK")),
  Number: Type.Optional(
    Type.String({ pattern: "^\\+[1-9][0-9]{1,14}$", description: "E.164, called or calling." }),
  ),
  Calls: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maximumCapturedCalls,
      description: `On each gateway; default ${defaultCalls}.`,
    }),
  ),
  Seconds: Type.Optional(
    Type.Integer({ minimum: 1, maximum: maximumCaptureSeconds, description: `Default ${defaultSeconds}.` }),
  ),
});

const Capture = Type.Object({
  gateway: Type.String(),
  trunk_sid: Nullable(Type.String()),
  number: Nullable(Type.String()),
  maximum_calls: Type.Integer(),
  ends_at: Type.String({ description: "By itself; in the past: it takes nothing more." }),
});
const Call = Type.Object({
  call_sid: Type.String(),
  gateway: Type.String(),
  trunk_sid: Nullable(Type.String()),
  from: Type.String(),
  to: Type.String(),
  started_at: Type.String({ description: "When its first message was on the wire." }),
  messages: Type.Integer(),
  whole: Type.Boolean({ description: "False: it had more messages than are kept of one call." }),
});
const Message = Type.Object({
  gateway: Type.String(),
  at: Type.String({ description: "By the gateway's clock, with microseconds." }),
  direction: OneOf(["received", "sent"]),
  transport: Type.String(),
  local: Type.String({ description: "Address and port of the gateway." }),
  remote: Type.String(),
  text: Type.String({ description: "One character per byte; keys and passwords are replaced by x." }),
});
const missing = Type.Array(Type.String(), { description: "Gateways that did not answer." });

type Answer = readonly [gateway: string, result: CommandResult];
type Captured = Extract<CommandResult, { name: "captured" }>;

const tags = ["captures"];
const params = PathSids({ CallSid: "CA" });

/**
 * The SIP messages of some calls, kept by the gateways for a while; the operator's, since they show carriers. There is one
 * capture at a time; a gateway that connects later takes no part in it.
 */
export function captureRoutes(source: GatewaySource): Routes {
  const askAll = async (command: GatewayCommand): Promise<readonly Answer[]> =>
    Promise.all(
      source.gateways().map(async ({ name }) => [name, await source.command(name, command)] as const),
    );
  const askFor = async (callSid: string | null) => {
    const all = await askAll({ name: "captured", callSid });
    return { all: all.flatMap(captured), missing: missingOf(all) };
  };

  return (scope, context) => {
    scope.post(
      "/Captures",
      {
        schema: {
          operationId: "CreateCapture",
          tags,
          body: Parameters,
          response: answers(201, Type.Object({ captures: Type.Array(Capture), missing })),
        },
      },
      async (request, reply) => {
        requireOperator(request.caller);
        const { TrunkSid: trunkSid = null, Number: number = null, Calls, Seconds } = request.body;
        const rule = { trunkSid, number, calls: Calls ?? defaultCalls, seconds: Seconds ?? defaultSeconds };
        const results = await askAll({ name: "capture", rule });
        const taking = results.filter(([, result]) => result.ok);
        if (taking.length === 0) throw new ApiError("gatewayUnreachable", "No gateway takes it.");
        await context.recordCommand();
        const now = context.clock.wallMs();
        const state = { rule, secondsLeft: rule.seconds };
        const captures = taking.map(([gateway]) => presentCapture(gateway, state, now));
        return reply.code(201).send({ captures, missing: missingOf(results) });
      },
    );

    scope.get(
      "/Captures",
      {
        schema: {
          operationId: "ListCapture",
          tags,
          response: answers(
            200,
            Type.Object({ captures: Type.Array(Capture), calls: Type.Array(Call), missing }),
          ),
        },
      },
      async (request) => {
        requireOperator(request.caller);
        const found = await askFor(null);
        const now = context.clock.wallMs();
        const calls = found.all.flatMap(({ gateway, calls: own }) =>
          own.map((call) => presentCall(gateway, call)),
        );
        return {
          captures: found.all.flatMap(({ gateway, state }) =>
            state === null ? [] : [presentCapture(gateway, state, now)],
          ),
          calls: calls.toSorted((one, other) => order(one.started_at, other.started_at)),
          missing: found.missing,
        };
      },
    );

    scope.get(
      "/Captures/:CallSid",
      {
        schema: {
          operationId: "FetchCapture",
          tags,
          params,
          response: answers(
            200,
            Type.Object({
              call_sid: Type.String(),
              ends: Type.Array(Type.String(), {
                description: "Far ends and gateways, as the columns of a ladder from left to right.",
              }),
              messages: Type.Array(Message),
              missing,
            }),
          ),
        },
      },
      async (request) => {
        requireOperator(request.caller);
        const { CallSid: callSid } = request.params;
        const found = await askFor(callSid);
        const messages = found.all
          .flatMap(({ gateway, messages: own }) => own.map((message) => presentMessage(gateway, message)))
          .toSorted((one, other) => order(one.at, other.at));
        if (messages.length === 0) throw new ApiError("notFound", `No gateway has captured ${callSid}.`);
        return {
          call_sid: callSid,
          ends: ladderEnds(messages),
          messages,
          missing: found.missing,
        };
      },
    );

    scope.delete(
      "/Captures",
      { schema: { operationId: "DeleteCapture", tags, response: answersNothing } },
      async (request, reply) => {
        requireOperator(request.caller);
        await askAll({ name: "capture", rule: null });
        await context.recordCommand();
        return reply.code(204).send();
      },
    );
  };
}

function captured([gateway, result]: Answer): readonly (Captured & { readonly gateway: string })[] {
  return result.ok && result.name === "captured" ? [{ gateway, ...result }] : [];
}

function missingOf(answersOfAll: readonly Answer[]): string[] {
  return answersOfAll.flatMap(([gateway, result]) => (result.ok ? [] : [gateway]));
}

function presentCapture(
  gateway: string,
  { rule, secondsLeft }: NonNullable<Captured["state"]>,
  nowMs: number,
): Static<typeof Capture> {
  return {
    gateway,
    trunk_sid: rule.trunkSid,
    number: rule.number,
    maximum_calls: rule.calls,
    ends_at: iso8601(new Date(nowMs + secondsLeft * 1000)),
  };
}

function presentCall(gateway: string, call: CapturedCall): Static<typeof Call> {
  return {
    call_sid: call.callSid,
    gateway,
    trunk_sid: call.trunkSid,
    from: call.callingNumber,
    to: call.calledNumber,
    started_at: withMicroseconds(call.startedAtMs),
    messages: call.messages,
    whole: call.isWhole,
  };
}

function presentMessage(gateway: string, message: CapturedMessage): Static<typeof Message> {
  const { protocol: transport, local, remote, text } = message;
  return {
    gateway,
    at: withMicroseconds(message.atMs),
    direction: message.isSent ? "sent" : "received",
    transport,
    local: endOf(local),
    remote: endOf(remote),
    text,
  };
}

function endOf({ address, port }: CapturedMessage["local"]): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `2026-01-31T12:00:00.123456Z` */
function withMicroseconds(atMs: number): string {
  const wholeMs = Math.floor(atMs);
  const microseconds = Math.min(999, Math.floor((atMs - wholeMs) * 1000));
  return new Date(wholeMs).toISOString().replace("Z", `${String(microseconds).padStart(3, "0")}Z`);
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
