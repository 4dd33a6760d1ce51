import { parsedRequest, parsedResponse, request, response } from "@tandem/sip/testing";
import { answer, type GatewayScript } from "./gateway-script.ts";

/** What both sides of an answered call need to go on with it. */
export interface AnsweredCall {
  readonly callSid: string;
  /** Call-IDs of the legs. */
  readonly ingressCallId: string;
  readonly egressCallId: string;
  /** A request of the customer, who called, in its dialog. */
  readonly customerRequest: (method: string, sequenceNumber?: number) => string;
  /** A request of the carrier, who was called, in its dialog. */
  readonly carrierRequest: (method: string, sequenceNumber?: number) => string;
}

const contentType = ["Content-Type", "application/sdp"] as const;

type Fields = readonly (readonly [name: string, value: string])[];

/** Header fields beside the usual ones. */
export interface AnsweredCallFields {
  /** Of the customer's INVITE. */
  readonly invite?: Fields;
  /** Of the carrier's 200. */
  readonly answer?: Fields;
}

/** A termination call: the customer's INVITE, the carrier's 200, both ACKs. */
export function answeredCall(script: GatewayScript, fields: AnsweredCallFields = {}): AnsweredCall {
  const { wire, gateway } = script;
  script.invite(fields.invite === undefined ? {} : { headerFields: [contentType, ...fields.invite] });
  const egress = parsedRequest(wire.expect("INVITE"));
  wire.inject(
    response(200, { headerFields: [contentType, ...(fields.answer ?? [])], body: answer }),
    script.carrier,
  );
  wire.expect("ACK");
  const answered = parsedResponse(wire.expect(200));
  const call = dialogs(gateway.calls.list()[0]?.sid ?? "", answered.toTag, egress.callId, egress.fromTag);
  wire.inject(call.customerRequest("ACK", 1), script.customer);
  wire.expectNothing();
  return call;
}

function dialogs(
  callSid: string,
  ourIngressTag: string,
  egressCallId: string,
  ourEgressTag: string,
): AnsweredCall {
  return {
    callSid,
    ingressCallId: "call-1",
    egressCallId,
    customerRequest: (method, sequenceNumber = 2) =>
      request(method, {
        requestUri: "sip:198.51.100.1:5060",
        branch: `z9hG4bK-customer-${method}-${sequenceNumber}`,
        from: "<sip:+15550001111@acme.example>",
        to: "<sip:bob@example.com>",
        toTag: ourIngressTag,
        sequenceNumber,
      }),
    carrierRequest: (method, sequenceNumber = 1) =>
      request(method, {
        requestUri: "sip:198.51.100.1:5060",
        branch: `z9hG4bK-carrier-${method}-${sequenceNumber}`,
        from: "<sip:bob@carrier.example>",
        fromTag: "bob-tag",
        to: "<sip:us@tandem.test>",
        toTag: ourEgressTag,
        callId: egressCallId,
        sequenceNumber,
      }),
  };
}
