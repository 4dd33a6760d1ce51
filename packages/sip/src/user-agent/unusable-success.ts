import { HeaderFields, OutgoingRequest, type SipResponse } from "../message/index.ts";
import type { ClientTransactionUser, TransactionLayer } from "../transaction/index.ts";
import type { Target } from "../transport/target.ts";
import { credentialsIn } from "./request-content.ts";

/**
 * Ends the call of a 2xx from which no dialog can be made, for want of a usable Contact: ACK and BYE go the way of the
 * INVITE, to its Request-URI, so that the callee neither repeats its 2xx nor stays answered.
 */
export function refuseSuccess(
  layer: TransactionLayer,
  invite: OutgoingRequest,
  response: SipResponse,
  target: Target,
  withBye: boolean,
): void {
  const ack = derived("ACK", response.cseqNumber, invite, response);
  const credentials = credentialsIn(invite.headerFields);
  if (credentials !== undefined) ack.headerFields.appendAll(credentials);
  layer.sendStatelessly(ack, target);
  if (withBye) layer.send(derived("BYE", response.cseqNumber + 1, invite, response), target, ignoreResult);
}

function derived(
  method: string,
  sequenceNumber: number,
  invite: OutgoingRequest,
  response: SipResponse,
): OutgoingRequest {
  const fields = new HeaderFields();
  for (const route of response.list("Record-Route").toReversed()) fields.append("Route", route);
  fields.append("From", invite.headerFields.value("From") ?? "");
  fields.append("To", response.value("To") ?? "");
  fields.append("Call-ID", response.callId);
  fields.append("CSeq", `${sequenceNumber} ${method}`);
  return new OutgoingRequest(method, invite.requestUri, fields);
}

const ignoreResult: ClientTransactionUser = { onResponse() {}, onFailure() {} };
