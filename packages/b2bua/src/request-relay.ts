import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import { allowedMethods, type InviteUsage, type UserAgent } from "@tandem/sip/user-agent";
import { copyPassing } from "./header-policy.ts";

/** Methods that neither leg's dialog needs us to understand: carried as they are. */
const relayed: ReadonlySet<string> = new Set(["INFO", "MESSAGE", "NOTIFY"]);

/** Carries a request inside the dialog to the other leg and its final response back; refuses methods we do not carry. */
export function relayRequest(
  agent: UserAgent,
  request: SipRequest,
  transaction: ServerTransaction,
  to: InviteUsage,
): void {
  if (!relayed.has(request.method)) {
    const refused = agent.response(request, transaction.flow, request.method === "REFER" ? 603 : 405);
    refused.headerFields.append("Allow", allowedMethods);
    transaction.respond(refused);
    return;
  }
  const headerFields = new HeaderFields();
  copyPassing(request, headerFields);
  for (const name of ["Event", "Subscription-State", "Info-Package"]) {
    const value = request.value(name);
    if (value !== undefined && !headerFields.has(name)) headerFields.append(name, value);
  }
  to.request(
    request.method,
    { headerFields, body: request.body, contentType: request.value("Content-Type") },
    {
      onResponse(response) {
        if (response.statusCode >= 200) answer(agent, request, transaction, response);
      },
      // RFC 4320 §4.1 forbids a late 408: the sender's own timer F has told it already.
      onFailure() {
        transaction.respond(agent.response(request, transaction.flow, 500));
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
  // A challenge of the other side is not the sender's to answer: its realm is not ours.
  const isChallenge = response.statusCode === 401 || response.statusCode === 407;
  const options = isChallenge ? {} : { reasonPhrase: response.reasonPhrase };
  const passed = agent.response(request, transaction.flow, isChallenge ? 500 : response.statusCode, options);
  copyPassing(response, passed.headerFields);
  const contentType = response.value("Content-Type");
  if (response.body !== "" && contentType !== undefined) {
    passed.headerFields.append("Content-Type", contentType);
    passed.body = response.body;
  }
  transaction.respond(passed);
}
