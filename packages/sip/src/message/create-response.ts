import { HeaderFields } from "./header-fields.ts";
import { endOfElement } from "./header-parameters.ts";
import { OutgoingResponse } from "./outgoing-message.ts";
import { announcesOverloadControl, isOverloadParameter } from "./overload-control.ts";
import { reasonPhraseOf } from "./reason-phrase.ts";
import type { SipRequest } from "./sip-message.ts";
import type { Via } from "./via.ts";

/** Where a request came from, as the transport saw it. */
export interface PacketSource {
  /** IPv4 or IPv6 address without brackets. */
  readonly address: string;
  readonly port: number;
}

/** Says how a server is doing to clients that want to know (RFC 7339). */
export interface OverloadReporter {
  /** Via parameters, each with its semicolon. */
  report(): string;
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
  /** Asked when the client announces overload control in its Via, and `receivedFrom` is given. */
  readonly overload?: OverloadReporter | undefined;
}

/** A response to the request as RFC 3261 §8.2.6 builds it. The request must be one that may be answered, see validateRequest. */
export function createResponse(
  request: SipRequest,
  statusCode: number,
  options: ResponseOptions = {},
): OutgoingResponse {
  const headerFields = new HeaderFields();
  copyVias(request, headerFields, options);
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

function copyVias(
  request: SipRequest,
  headerFields: HeaderFields,
  { receivedFrom: source, overload }: ResponseOptions,
): void {
  const rows = request.values("Via");
  const top = rows[0];
  if (top === undefined) return;
  const via = request.via();
  if (source === undefined || !via.ok) headerFields.append("Via", top);
  else {
    const report = overload !== undefined && announcesOverloadControl(via.value) ? overload.report() : "";
    headerFields.append(
      "Via",
      viaWithSource(via.value, source, report) + top.slice(endOfElement(top, 0, top.length)),
    );
  }
  for (let i = 1; i < rows.length; i++) headerFields.append("Via", rows[i] ?? "");
}

/**
 * The Via value with the source of the request noted in it.
 *
 * RFC 3261 §18.2.1: received is added when sent-by is a name or another address than the source. RFC 3581 §4: an rport
 * without value gets the source port, and then received is added always. A received that the client wrote itself is dropped.
 * @param report takes the place of the client's parameters of overload control; "": they stay
 */
export function viaWithSource(via: Via, source: PacketSource, report = ""): string {
  const address = source.address.toLowerCase().startsWith("::ffff:")
    ? source.address.slice(7)
    : source.address;
  const isAsked = via.rport === true;
  const isNeeded = isAsked || withoutBrackets(via.host) !== address.toLowerCase();
  if (report === "" && !isNeeded && via.received === undefined) return via.text;
  const text = withoutSource(via, isAsked ? source.port : undefined, report !== "");
  return isNeeded ? `${text};received=${address}${report}` : text + report;
}

/** The Via value less its received and, if wanted, what it announces of overload control. @param rport put where it is asked for */
function withoutSource(via: Via, rport: number | undefined, isReported: boolean): string {
  const semicolon = via.text.indexOf(";");
  let text = semicolon < 0 ? via.text : via.text.slice(0, semicolon).trimEnd();
  const { parameters } = via;
  for (let i = 0; i < parameters.count; i++) {
    if (parameters.isNamed(i, "received") || (isReported && isOverloadParameter(parameters, i))) continue;
    const isRport = rport !== undefined && parameters.isNamed(i, "rport");
    text += isRport ? `;rport=${rport}` : `;${parameters.textOf(i)}`;
  }
  return text;
}

function withoutBrackets(host: string): string {
  return host.charCodeAt(0) === 0x5b ? host.slice(1, -1) : host;
}

function toValue(request: SipRequest, statusCode: number, toTag: string | undefined): string {
  const value = request.value("To") ?? "";
  if (toTag === undefined || statusCode === 100 || request.toTag !== "") return value;
  return `${value};tag=${toTag}`;
}
