import { Call, type PlacementReporter } from "@tandem/b2bua";
import { HeaderFields } from "@tandem/sip/message";
import type { InviteUas } from "@tandem/sip/user-agent";
import { callIdentity, callPlan, type PlacementServices } from "../calls/call-placement.ts";
import { PlacedCall } from "../calls/placed-call.ts";
import type { CallContext } from "../pipeline/call-context.ts";
import type { Verdict } from "../pipeline/verdict.ts";
import { BackboneReporter } from "./backbone-reporter.ts";
import type { BackboneRequest } from "./backbone-request.ts";
import { SignsOfLife } from "./signs-of-life.ts";

/** Places the one attempt that a sister asked for, by the same code as an attempt of our own. */
export function placeForSister(
  services: PlacementServices,
  context: CallContext,
  invite: InviteUas,
  asked: BackboneRequest,
): void {
  const { configuration, ports } = services;
  // Without a backbone in it the plan leads nowhere but out of this gateway: a call crosses it once.
  const plan = callPlan(
    { configuration, place: { ...services.place, backbone: undefined } },
    context,
    asked.callSid,
  );
  const [skipped] = plan.skipped;
  if (plan.candidates.length === 0 && skipped !== undefined) {
    refuseSister(services, context, invite, { kind: "refuse", reason: skipped.reason, text: skipped.text });
    return;
  }
  const identity = callIdentity(configuration, context);
  const call = new PlacedCall(
    services,
    {
      ...identity,
      leg: {
        key: legKey(asked),
        attemptIndex: asked.attemptIndex,
        entryGateway: asked.from,
        candidateSid: asked.candidateSid,
      },
    },
    asked.callSid,
    (own, user) =>
      new Call(
        own,
        { ...plan, reporter: reporterOf(services, context, invite, asked), hasAlerted: asked.hasAlerted },
        invite,
        user,
      ),
  );
  new SignsOfLife(ports.clock, invite).start();
  call.start();
}

/** Refuses what a sister asked for, with the reason, signed: it asks another gateway then. */
export function refuseSister(
  services: PlacementServices,
  context: CallContext,
  invite: InviteUas,
  refusal: Extract<Verdict, { kind: "refuse" }>,
): void {
  const { reason, text } = refusal;
  const statusCode = refusal.statusCode ?? reason.statusCode ?? 503;
  const headerFields = new HeaderFields();
  for (const field of refusal.headerFields ?? []) headerFields.append(field.name, field.value);
  const { backboneRequest: asked } = context;
  if (asked !== undefined) {
    const news = {
      statusCode,
      body: "",
      attempt: undefined,
      verdict: { kind: "not-placed" },
      reason,
      text,
    } as const;
    const reporter = reporterOf(services, context, invite, asked);
    headerFields.appendAll(reporter.headerFields({ ...news, retryAfterSeconds: undefined }));
  }
  const reasonPhrase = statusCode === reason.statusCode ? reason.reasonPhrase : undefined;
  invite.reject(statusCode, reasonPhrase === undefined ? { headerFields } : { reasonPhrase, headerFields });
}

function reporterOf(
  { configuration }: PlacementServices,
  context: CallContext,
  invite: InviteUas,
  asked: BackboneRequest,
): PlacementReporter {
  const key = context.table.snapshot.backboneKeys.find((one) => one.id === asked.keyId);
  if (key === undefined) throw new Error("a request was taken whose key is unknown");
  return new BackboneReporter({
    asked,
    key,
    callId: invite.request.callId,
    gateway: configuration.name,
    edge: configuration.edge,
    url: context.candidates[0]?.url,
  });
}

/** Unlike any call of our own, and unlike another attempt of the same call that comes here too. */
function legKey({ callSid, attemptIndex, nonce }: BackboneRequest): string {
  return `${callSid}/${attemptIndex}-${nonce.slice(0, 8)}`;
}
