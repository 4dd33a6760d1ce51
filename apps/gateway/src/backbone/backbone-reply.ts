import type { SisterVerdict } from "@tandem/b2bua";
import { readStructured, writeStructured } from "./structured-value.ts";

const version = "1";

/** How the attempt ended; left out in provisional responses and in a 2xx. */
export type ReplyResult =
  | "response"
  | "timeout-first-response"
  | "timeout-progress"
  | "timeout-ring"
  | "transport-error"
  | "not-placed"
  | "failed"
  | "unusable";

/** What a sister says of the attempt: the value of `X-Tandem-Backbone` in each response but 100. */
export interface BackboneReply {
  readonly keyId: number;
  /** The sister, and the gateway that asked. */
  readonly from: string;
  readonly to: string;
  /** Of the request: a reply to another one is none. */
  readonly nonce: string;
  readonly result: ReplyResult | undefined;
  readonly edge: string;
  /** Path of the egress leg. */
  readonly interfaceName: string | undefined;
  readonly connection: string | undefined;
  /** `UDP 192.0.2.7:5060`. */
  readonly remote: string | undefined;
  /** Where a 302 led. */
  readonly redirectedTo: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

export function writeBackboneReply(reply: BackboneReply): string {
  return writeStructured([
    ["v", version],
    ["key", reply.keyId],
    ["from", reply.from],
    ["to", reply.to],
    ["nonce", reply.nonce],
    ["result", reply.result],
    ["edge", reply.edge],
    ["interface", reply.interfaceName],
    ["connection", reply.connection],
    ["remote", reply.remote],
    ["redirected", reply.redirectedTo],
    ["retry", reply.retryAfterSeconds],
  ]);
}

/** Undefined: not of this version, or not well-formed. */
export function readBackboneReply(text: string): BackboneReply | undefined {
  const members = readStructured(text);
  if (members?.get("v") !== version) return undefined;
  const [from, to, nonce, edge] = ["from", "to", "nonce", "edge"].map((name) => members.get(name));
  const result = members.get("result");
  if (from === undefined || to === undefined || nonce === undefined || edge === undefined) return undefined;
  if (result !== undefined && !isResult(result)) return undefined;
  return {
    keyId: decimal(members.get("key")) ?? 0,
    from,
    to,
    nonce,
    result,
    edge,
    interfaceName: members.get("interface"),
    connection: members.get("connection"),
    remote: members.get("remote"),
    redirectedTo: members.get("redirected"),
    retryAfterSeconds: decimal(members.get("retry")),
  };
}

/** The word for what became of an attempt. */
export function replyResult(verdict: SisterVerdict | undefined): ReplyResult | undefined {
  if (verdict === undefined) return undefined;
  if (verdict.kind !== "ended") return verdict.kind;
  const { result } = verdict;
  return result.kind === "timeout" ? `timeout-${result.timer}` : result.kind;
}

/** What the word means, for the response that brought it. */
export function sisterVerdict(
  result: ReplyResult | undefined,
  response: { readonly statusCode: number; readonly q850Cause: number | undefined },
): SisterVerdict | undefined {
  switch (result) {
    case undefined:
      return undefined;
    case "response":
      return { kind: "ended", result: { kind: "response", ...response } };
    case "timeout-first-response":
      return { kind: "ended", result: { kind: "timeout", timer: "first-response" } };
    case "timeout-progress":
      return { kind: "ended", result: { kind: "timeout", timer: "progress" } };
    case "timeout-ring":
      return { kind: "ended", result: { kind: "timeout", timer: "ring" } };
    case "transport-error":
      return { kind: "ended", result: { kind: "transport-error" } };
    case "not-placed":
    case "failed":
    case "unusable":
      return { kind: result };
  }
}

const results: ReadonlySet<string> = new Set<ReplyResult>([
  "response",
  "timeout-first-response",
  "timeout-progress",
  "timeout-ring",
  "transport-error",
  "not-placed",
  "failed",
  "unusable",
]);

function isResult(text: string): text is ReplyResult {
  return results.has(text);
}

function decimal(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
