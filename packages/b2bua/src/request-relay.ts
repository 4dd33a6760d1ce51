import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import { allowedMethods, type InviteUsage, type UserAgent } from "@tandem/sip/user-agent";
import { copyPassing } from "./header-policy.ts";

/** Methods that neither leg's dialog needs us to understand: carried as they are. */
const relayed: ReadonlySet<string> = new Set(["INFO", "MESSAGE", "NOTIFY", "REFER"]);

/**
 * Methods of subscriptions. That one of these is unknown, or its end silent, says nothing about the call (RFC 5057 §5.1): a NOTIFY
 * that nobody subscribed to gets 481 (RFC 6665 §4.1.3), a REFER 481 for the dialog that its Replaces names.
 */
const ofSubscriptions: ReadonlySet<string> = new Set(["NOTIFY", "REFER"]);

/** What belongs to a leg elsewhere, but to the request here. */
const carriedNames = [
  "Content-Disposition",
  "Event",
  "Subscription-State",
  "Info-Package",
  "Refer-To",
  "Refer-Sub",
  "Referred-By",
];

export interface RequestRelayHost {
  readonly agent: UserAgent;
  /** The other leg answered a request of the call with 481 or 408, or not at all. */
  onPeerLost(): void;
}

/** Carries a request inside the dialog to the other leg and its final response back; refuses methods we do not carry. */
export function relayRequest(
  host: RequestRelayHost,
  request: SipRequest,
  transaction: ServerTransaction,
  to: InviteUsage,
): void {
  const { agent } = host;
  // RFC 3262 §3: what it acknowledges is no provisional response that waits for it. Of those the leg itself knows.
  if (request.method === "PRACK") {
    transaction.respond(agent.response(request, transaction.flow, 481));
    return;
  }
  if (!relayed.has(request.method)) {
    const refused = agent.response(request, transaction.flow, 405);
    refused.headerFields.append("Allow", allowedMethods);
    transaction.respond(refused);
    return;
  }
  const isOfCall = !ofSubscriptions.has(request.method);
  const headerFields = new HeaderFields();
  copyPassing(request, headerFields);
  for (const name of carriedNames) {
    const value = request.value(name);
    if (value !== undefined && !headerFields.has(name)) headerFields.append(name, value);
  }
  to.request(
    request.method,
    { headerFields, body: request.body, contentType: request.value("Content-Type") },
    {
      onResponse(response) {
        if (response.statusCode < 200) return;
        answer(agent, request, transaction, response);
        const isLost = response.statusCode === 481 || response.statusCode === 408;
        if (isLost && isOfCall) host.onPeerLost();
      },
      // RFC 4320 §4.1 forbids a late 408: the sender's own timer F has told it already.
      onFailure(kind) {
        transaction.respond(agent.response(request, transaction.flow, 500));
        if (kind === "timeout" && isOfCall) host.onPeerLost();
      },
    },
  );
}

function answer(
  agent: UserAgent,
  request: SipRequest,
  transaction: ServerTransaction,
  response: SipResponse,
): void {
  const { statusCode, reasonPhrase } = response;
  // A redirection or a challenge of the other side is not the sender's to follow: its realm is not ours.
  const isTheirs = (statusCode >= 300 && statusCode < 400) || statusCode === 401 || statusCode === 407;
  // RFC 4320 §4.1: nothing but INVITE is answered with 408.
  const passed =
    isTheirs || statusCode === 408
      ? agent.response(request, transaction.flow, 500)
      : agent.response(request, transaction.flow, statusCode, { reasonPhrase });
  copyPassing(response, passed.headerFields);
  const contentType = response.value("Content-Type");
  if (response.body !== "" && contentType !== undefined) {
    passed.headerFields.append("Content-Type", contentType);
    const disposition = response.value("Content-Disposition");
    if (disposition !== undefined) passed.headerFields.append("Content-Disposition", disposition);
    passed.body = response.body;
  }
  transaction.respond(passed);
}
