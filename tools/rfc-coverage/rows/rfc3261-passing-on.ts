/** RFC 3261 §16, as far as a B2BUA does what a proxy does. */
import type { CoverageRow } from "../coverage-row.ts";

export const rows: readonly CoverageRow[] = [
  {
    section: "16.3",
    level: "MUST NOT",
    sentence:
      "If the request contains a Max-Forwards header field with a field value of zero (0), the element MUST NOT forward the request.",
    code: "apps/gateway/src/pipeline/hop-limit.ts",
    line: "if (hops <= 0)",
    breaks: "if (hops < 0)",
    test: "apps/gateway/src/pipeline/hop-limit.test.ts",
    name: "one hop is enough, none is refused (RFC 3261 §16.3)",
  },
  {
    section: "16.3",
    level: "MUST",
    sentence: "The element MUST return a 483 (Too many hops) response.",
    code: "packages/reasons/src/request-reasons.ts",
    line: "statusCode: 483,",
    breaks: "statusCode: 482,",
    test: "apps/gateway/src/gateway-core.test.ts",
    name: "an INVITE that may not be forwarded any more gets 483 (RFC 3261 §16.3)",
  },
  {
    section: "16.6",
    level: "MUST",
    sentence:
      "If the copy contains a Max-Forwards header field, the proxy MUST decrement its value by one (1).",
    code: "apps/gateway/src/calls/call-placement.ts",
    line: "defaultMaxForwards) - 1",
    breaks: "defaultMaxForwards)",
    test: "apps/gateway/src/calls/placed-call.test.ts",
    name: "the placed INVITE: one hop less, by the carriers' interface, to the carrier",
  },
  {
    section: "16.6",
    level: "MUST",
    sentence:
      "If the copy does not contain a Max-Forwards header field, the proxy MUST add one with a field value, which SHOULD be 70.",
    code: "apps/gateway/src/pipeline/hop-limit.ts",
    line: "defaultMaxForwards = 70",
    breaks: "defaultMaxForwards = 7",
    test: "apps/gateway/src/pipeline/hop-limit.test.ts",
    name: "without Max-Forwards 70 is assumed (RFC 3261 §8.1.1.6)",
  },
  {
    section: "16.6",
    level: "rule",
    sentence: "The hop count of the request that goes on is that of the plan.",
    code: "packages/b2bua/src/invite-writer.ts",
    line: 'fields.append("Max-Forwards", String(maxForwards))',
    breaks: 'fields.append("Max-Forwards", "70")',
    test: "packages/b2bua/src/invite-writer.test.ts",
    name: "a new INVITE: a From tag, no To tag, a Contact, and what we take (RFC 3261 §8.1.1, §13.2.1)",
  },
  {
    section: "16.7",
    level: "MUST",
    sentence:
      "A stateful proxy MUST send the best final response of the context: it MUST choose from the 6xx class responses if any exist in the context.",
    code: "packages/b2bua/src/response-choice.ts",
    line: "if (statusCode >= 600) return 0;",
    breaks: "if (statusCode >= 600) return 4;",
    test: "packages/b2bua/src/response-choice.test.ts",
    name: "best response: a 6xx wins whenever it came",
  },
  {
    section: "16.7",
    level: "MUST",
    sentence:
      "If there are no 6xx class responses present, the proxy SHOULD choose from the lowest response class stored in the response context.",
    code: "packages/b2bua/src/response-choice.ts",
    line: "if (statusCode >= 500) return 3;",
    breaks: "if (statusCode >= 500) return 1;",
    test: "packages/b2bua/src/response-choice.test.ts",
    name: "best response: the lowest class",
  },
  {
    section: "16.7",
    level: "SHOULD",
    sentence:
      "The proxy SHOULD give preference to responses that provide information affecting resubmission of this request, such as 401, 407, 415, 420, and 484.",
    code: "packages/b2bua/src/response-choice.ts",
    line: "statusCode === 415 || statusCode === 420 || statusCode === 484 ? 1 : 2",
    breaks: "2",
    test: "packages/b2bua/src/response-choice.test.ts",
    name: "best response: 415 wins over its class",
  },
  {
    section: "16.7",
    level: "SHOULD NOT",
    sentence:
      "A proxy which receives a 503 (Service Unavailable) response SHOULD NOT forward it upstream: it SHOULD generate a 500 (Server Internal Error).",
    code: "packages/b2bua/src/response-choice.ts",
    line: "if (statusCode === 503 ||",
    breaks: "if (",
    test: "packages/b2bua/src/response-choice.test.ts",
    name: "best response: 503 becomes 500",
  },
  {
    section: "16.7",
    level: "MUST NOT",
    sentence:
      "If the proxy recurses on the contacts in a 3xx, the 3xx does not stand in the response context: it is never what the caller gets.",
    code: "packages/b2bua/src/response-choice.ts",
    line: "return statusCode >= 400 &&",
    breaks: "return",
    test: "packages/b2bua/src/response-choice.test.ts",
    name: "best response: a redirection is never chosen",
  },
  {
    section: "16.10",
    level: "rule",
    sentence: "A CANCEL of the caller cancels what is outstanding towards the callee.",
    code: "packages/b2bua/src/call-setup.ts",
    line: "this.#attempts.end(cancelReason(how, request), reasons.callerCanceled);",
    breaks: "",
    test: "packages/b2bua/src/call-given-up.test.ts",
    name: "CANCEL while it rings: 487, and CANCEL at once with the caller's own Reason",
  },
];
