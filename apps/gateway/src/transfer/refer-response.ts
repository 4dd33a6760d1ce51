import type { SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import type { InviteUsage, UserAgent } from "@tandem/sip/user-agent";
import type { Verdict } from "../pipeline/verdict.ts";

/** Why a REFER is refused. */
export type Refusal = Omit<Extract<Verdict, { kind: "refuse" }>, "kind">;

/** 202: the transfer is under way (RFC 3515 §2.4.2); without a subscription where none is wanted (RFC 4488 §4). */
export function acceptRefer(
  agent: UserAgent,
  refer: SipRequest,
  transaction: ServerTransaction,
  usage: InviteUsage,
  isSilent: boolean,
): void {
  const response = agent.response(refer, transaction.flow, 202);
  response.headerFields.append("Contact", usage.contact);
  if (isSilent) {
    response.headerFields.append("Refer-Sub", "false");
    response.headerFields.append("Supported", "norefersub");
  }
  transaction.respond(response);
}

/** The status of the reason, with a Warning that names it (RFC 3261 §20.43). */
export function refuseRefer(
  agent: UserAgent,
  refer: SipRequest,
  transaction: ServerTransaction,
  { reason, statusCode = reason.statusCode ?? 603, text }: Refusal,
): void {
  const reasonPhrase = statusCode === reason.statusCode ? reason.reasonPhrase : undefined;
  const response = agent.response(refer, transaction.flow, statusCode, { reasonPhrase });
  const what = text.replaceAll(/["\\\r\n]/g, "'");
  response.headerFields.append("Warning", `399 tandem "${reason.code} ${reason.name}; ${what}"`);
  transaction.respond(response);
}
