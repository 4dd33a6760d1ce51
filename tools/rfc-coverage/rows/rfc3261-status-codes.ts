/** RFC 3261 §21. */
import type { CoverageRow } from "../coverage-row.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "21.1.1",
    level: "rule",
    sentence:
      "The 100 (Trying) response is different from other provisional responses, in that it is never forwarded upstream by a stateful proxy.",
    code: "packages/b2bua/src/egress-attempt.ts",
    line: '      if (this.#timers.phase === "first-response") this.#timers.start("progress", this.candidate.progressMs);\n      return;',
    breaks:
      '      if (this.#timers.phase === "first-response") this.#timers.start("progress", this.candidate.progressMs);',
    test: "packages/b2bua/src/egress-attempt.test.ts",
    name: "100, then nothing for the progress time: ended with CANCEL; a second 100 buys no time",
  },
  {
    section: "21.4.6",
    level: "MUST",
    sentence:
      "405: the response MUST include an Allow header field containing a list of valid methods for the indicated address.",
    code: "apps/gateway/src/gateway-core.ts",
    line: 'const response = agent.response(request, transaction.flow, statusCode, { toTag: newTag() });\n    response.headerFields.append("Allow", allowedMethods);',
    breaks: "const response = agent.response(request, transaction.flow, statusCode, { toTag: newTag() });",
    test: "apps/gateway/src/gateway-core.test.ts",
    name: "REGISTER outside a dialog is known and not allowed",
  },
  {
    section: "21.4.6",
    level: "rule",
    sentence: "405 in an early dialog: Allow as well.",
    code: "packages/sip/src/user-agent/invite-uas.ts",
    line: 'else refused.headerFields.append("Allow", allowedMethods);',
    breaks: "",
    test: "packages/sip/src/user-agent/invite-uas.test.ts",
    name: "other requests in an early dialog have to wait; methods we do not know get 405",
  },
  {
    section: "21.4.13",
    level: "MUST",
    sentence: "415: the server MUST return a list of acceptable formats using the Accept header field.",
    code: "packages/b2bua/src/offer-relay.ts",
    line: "this.#refuse(415, acceptedContent())",
    breaks: "this.#refuse(415)",
    test: "packages/b2bua/src/offer-relay.test.ts",
    name: "a re-INVITE that can't be anchored is refused here and never carried",
  },
  {
    section: "21.4.13",
    level: "rule",
    sentence: "415 to a PRACK: Accept as well.",
    code: "packages/b2bua/src/prack-relay.ts",
    line: "refused.headerFields.appendAll(acceptedContent());",
    breaks: "",
    test: "packages/b2bua/src/reliable-provisional.test.ts",
    name: "a body in PRACK that is no session description is refused with 415, and the response was heard",
  },
  {
    section: "21.4.15",
    level: "MUST",
    sentence:
      "420: the server MUST include a list of the unsupported extensions in an Unsupported header field in the response.",
    code: "packages/sip/src/message/option-tags.ts",
    line: "!understood.includes(tag.toLowerCase())",
    breaks: "understood.includes(tag.toLowerCase())",
    test: "packages/sip/src/user-agent/user-agent.test.ts",
    name: "what requires an extension nobody knows gets 420 that names it, but ACK and CANCEL (RFC 3261 §8.2.2.3)",
  },
  {
    section: "21.4.17",
    level: "rule",
    sentence:
      "423 carries Min-Expires: an interval that is no longer than what was asked for is no reason to ask again.",
    code: "apps/gateway/src/registration/register-verdict.ts",
    line: "minimum > facts.requestedSeconds",
    breaks: "minimum >= 0",
    test: "apps/gateway/src/registration/register-verdict.test.ts",
    name: "423 with Min-Expires: 600",
  },
  {
    section: "21.5.2",
    level: "rule",
    sentence:
      "501 is the appropriate response when a UAS does not recognize the request method and is not capable of supporting it for any user.",
    code: "apps/gateway/src/gateway-core.ts",
    line: "knownMethods.has(request.method) ? 405 : 501",
    breaks: "405",
    test: "apps/gateway/src/gateway-core.test.ts",
    name: "a method that nobody knows is not implemented",
  },
  {
    section: "21.5.3",
    level: "rule",
    sentence:
      "502: the server, while acting as a gateway, received an invalid response from the downstream server.",
    code: "packages/b2bua/src/setup-failure.ts",
    line: "    statusCode: 502,",
    breaks: "    statusCode: 500,",
    test: "packages/b2bua/src/setup-failure.test.ts",
    name: "an unusable answer is a bad gateway",
  },
  {
    section: "21.5.4",
    level: "MAY",
    sentence:
      "503: the server MAY indicate when the client should retry the request in a Retry-After header field.",
    code: "apps/gateway/src/gateway-core.ts",
    line: 'headerFields: [{ name: "Retry-After", value: String(drainRetryAfterSeconds) }],',
    breaks: "",
    test: "apps/gateway/src/gateway-core.test.ts",
    name: "draining: new calls and OPTIONS get 503 with Retry-After, and their reason",
  },
  {
    section: "21.5.4",
    level: "SHOULD",
    sentence:
      "A client (proxy or UAC) receiving a 503 SHOULD attempt to forward the request to an alternate server.",
    code: "packages/b2bua/src/egress-attempt.ts",
    line: "statusCode === 503 && this.#targets.hasNext",
    breaks: "statusCode === 504 && this.#targets.hasNext",
    test: "packages/b2bua/src/egress-attempt.test.ts",
    name: "503 and transport errors go to the next address; other failures end the attempt",
  },
  {
    section: "21.5.4",
    level: "SHOULD NOT",
    sentence:
      "It SHOULD NOT forward any other requests to that server for the duration specified in the Retry-After header field, if present.",
    code: "apps/gateway/src/health/target-health.ts",
    line: "signal.statusCode === 503 && signal.retryAfterSeconds !== undefined",
    breaks: "signal.statusCode === 500 && signal.retryAfterSeconds !== undefined",
    test: "apps/gateway/src/health/target-health.test.ts",
    name: "Retry-After of a 503 holds exactly as long as it says, whatever comes in between",
  },
  {
    section: "21.5.4",
    level: "MUST",
    sentence:
      "If no Retry-After is given, the client MUST act as if it had received a 500 (Server Internal Error) response.",
    code: "apps/gateway/src/health/target-health.ts",
    line: "503 && signal.retryAfterSeconds !== undefined",
    breaks: "503",
    test: "apps/gateway/src/health/target-health.test.ts",
    name: "Retry-After of any other response is no outage, nor is a 503 without",
  },
  {
    section: "21.5.6",
    level: "rule",
    sentence:
      "505: the server does not support, or refuses to support, the SIP protocol version that was used in the request.",
    code: "packages/sip/src/message/validate-request.ts",
    line: "{ statusCode: 505,",
    breaks: "{ statusCode: 400,",
    test: "packages/sip/src/message/validate-request.test.ts",
    name: "validating a request: version SIP/7.0 is not supported",
  },
  {
    section: "21.5.7",
    level: "rule",
    sentence:
      "513: the server was unable to process the request since the message length exceeded its capabilities.",
    code: "apps/gateway/src/gateway-core.ts",
    line: '"body-too-large" ? 513 : 400',
    breaks: '"body-too-large" ? 400 : 400',
    test: "apps/gateway/src/unframed-request.test.ts",
    name: "a body beyond the limit: the customer is told before the connection ends",
  },
];
