import { HeaderFields, type SipResponse } from "@tandem/sip/message";
import type { InviteResponse } from "@tandem/sip/user-agent";
import type { Attempt } from "./attempt.ts";
import type { CallPlan } from "./call-plan.ts";
import { copyPassing } from "./header-policy.ts";
import { failureResponse, type SetupFailure } from "./setup-failure.ts";

/** Tells another gateway, if the call entered there, what became of the attempts. */
type Reporter = CallPlan["reporter"];

/** A response of the callee, as the caller gets it. */
export function passedResponse(
  response: SipResponse,
  body: string,
  attempt: Attempt,
  reporter: Reporter,
): InviteResponse & { readonly headerFields: HeaderFields } {
  const headerFields = new HeaderFields();
  copyPassing(response, headerFields);
  const statusCode = response.statusCode < 200 ? response.statusCode : 200;
  const nothing = { verdict: undefined, reason: undefined, text: undefined, retryAfterSeconds: undefined };
  const report = reporter?.headerFields({ statusCode, body, attempt, ...nothing });
  if (report !== undefined) headerFields.appendAll(report);
  return { reasonPhrase: response.reasonPhrase, headerFields, body };
}

/** @param attempt the last one; undefined: there was none */
export function rejection(
  failure: SetupFailure,
  attempt: Attempt | undefined,
  reporter: Reporter,
): InviteResponse {
  const response = failureResponse(failure);
  const { statusCode, reason, text, retryAfterSeconds } = failure;
  const verdict = failure.verdict ?? { kind: attempt === undefined ? "not-placed" : "failed" };
  const news = { statusCode, body: "", attempt, verdict, reason, text };
  const report = reporter?.headerFields({ ...news, retryAfterSeconds });
  if (report !== undefined) response.headerFields?.appendAll(report);
  return response;
}
