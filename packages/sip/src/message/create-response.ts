import { HeaderFields } from "./header-fields.ts";
import { endOfElement } from "./header-parameters.ts";
import { OutgoingResponse } from "./outgoing-message.ts";
import { reasonPhraseOf } from "./reason-phrase.ts";
import type { SipRequest } from "./sip-message.ts";
import type { Via } from "./via.ts";

/** Where a request came from, as the transport saw it. */
export interface PacketSource {
  /** IPv4 or IPv6 address without brackets. */
  readonly address: string;
  readonly port: number;
}

export interface ResponseOptions {
  /** Default: that of the status code. */
  readonly reasonPhrase?: string | undefined;
  /** Put into To unless it has a tag already or the response is a 100. */
  readonly toTag?: string | undefined;
  /** Fills received and rport of the topmost Via. */
  readonly receivedFrom?: PacketSource | undefined;
  /** For a response that establishes a dialog, RFC 3261 §12.1.1. */
  readonly copyRecordRoute?: boolean | undefined;
}

/** A response to the request as RFC 3261 §8.2.6 builds it. The request must be one that may be answered, see validateRequest. */
export function createResponse(
  request: SipRequest,
  statusCode: number,
  options: ResponseOptions = {},
): OutgoingResponse {
  const headerFields = new HeaderFields();
  copyVias(request, headerFields, options.receivedFrom);
  if (options.copyRecordRoute === true) copy(request, headerFields, "Record-Route");
  headerFields.append("From", request.value("From") ?? "");
  headerFields.append("To", toValue(request, statusCode, options.toTag));
  headerFields.append("Call-ID", request.callId);
  headerFields.append("CSeq", request.value("CSeq") ?? "");
  // RFC 3261 §8.2.6.1.
  if (statusCode === 100) copy(request, headerFields, "Timestamp");
  return new OutgoingResponse(statusCode, options.reasonPhrase ?? reasonPhraseOf(statusCode), headerFields);
}

function copy(request: SipRequest, headerFields: HeaderFields, name: string): void {
  for (const value of request.values(name)) headerFields.append(name, value);
}

function copyVias(request: SipRequest, headerFields: HeaderFields, source: PacketSource | undefined): void {
  const rows = request.values("Via");
  const top = rows[0];
  if (top === undefined) return;
  const via = request.via();
  if (source === undefined || !via.ok) headerFields.append("Via", top);
  else
    headerFields.append(
      "Via",
      viaWithSource(via.value, source) + top.slice(endOfElement(top, 0, top.length)),
    );
  for (let i = 1; i < rows.length; i++) headerFields.append("Via", rows[i] ?? "");
}

/**
 * The Via value with the source of the request noted in it.
 *
 * RFC 3261 §18.2.1: received is added when sent-by is a name or another address than the source. RFC 3581 §4: an rport
 * without value gets the source port, and then received is added always. A received that the client wrote itself is dropped.
 */
export function viaWithSource(via: Via, source: PacketSource): string {
  const address = source.address.toLowerCase().startsWith("::ffff:")
    ? source.address.slice(7)
    : source.address;
  const isAsked = via.rport === true;
  const isNeeded = isAsked || withoutBrackets(via.host) !== address.toLowerCase();
  if (!isNeeded && via.received === undefined) return via.text;
  const semicolon = via.text.indexOf(";");
  let text = semicolon < 0 ? via.text : via.text.slice(0, semicolon).trimEnd();
  const { parameters } = via;
  for (let i = 0; i < parameters.count; i++) {
    if (parameters.isNamed(i, "received")) continue;
    text += isAsked && parameters.isNamed(i, "rport") ? `;rport=${source.port}` : `;${parameters.textOf(i)}`;
  }
  return isNeeded ? `${text};received=${address}` : text;
}

function withoutBrackets(host: string): string {
  return host.charCodeAt(0) === 0x5b ? host.slice(1, -1) : host;
}

function toValue(request: SipRequest, statusCode: number, toTag: string | undefined): string {
  const value = request.value("To") ?? "";
  if (toTag === undefined || statusCode === 100 || request.toTag !== "") return value;
  return `${value};tag=${toTag}`;
}
