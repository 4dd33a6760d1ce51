import { isDigit, skipBlanks, skipClass, tokenCharacter } from "../uri/character-class.ts";
import { parseDecimal } from "../uri/decimal.ts";
import { hostEnd, hostIn, maximumPort, portIn } from "../uri/host-port.ts";
import { Parameters } from "../uri/parameters.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import {
  endWithoutBlanks,
  parametersHaveEmptyOnes,
  parametersMalformed,
  readHeaderParameters,
} from "./header-parameters.ts";

/** One value of the Via header field, RFC 3261 §20.42. */
export interface Via {
  /** Transport of the sent-protocol in upper case: UDP, TCP, TLS, … */
  readonly protocol: string;
  /** Host of sent-by, lower case; an IPv6 reference keeps its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  readonly received: string | undefined;
  /** RFC 3581: true for the parameter without a value, which asks for one. */
  readonly rport: number | true | undefined;
  /** The value as it stands in the message, unfolded. */
  readonly text: string;
  readonly parameters: Parameters;
  /** The value has empty parameters (";;"): good enough to send an error response by, not to be accepted. */
  readonly hasEmptyParameters: boolean;
}

const badProtocol = failure("via-malformed-protocol", "Malformed Via sent-protocol", "Via");
const badSentBy = failure("via-malformed-sent-by", "Malformed Via sent-by", "Via");
const badParameter = failure("via-malformed-parameter", "Malformed Via parameter", "Via");

/** Parses one Via value. */
export function parseVia(value: string): Parsed<Via> {
  return viaIn(value, 0, value.length);
}

/** {@link parseVia} for a part of a text that has no line folds. */
export function viaIn(text: string, from: number, to: number): Parsed<Via> {
  const start = skipBlanks(text, from, to);
  const end = endWithoutBlanks(text, start, to);
  const transportStart = afterSlash(text, afterSlash(text, start, end), end);
  if (transportStart < 0) return badProtocol;
  const transportEnd = skipClass(text, transportStart, end, tokenCharacter);
  const hostStart = skipBlanks(text, transportEnd, end);
  if (transportEnd === transportStart || hostStart === transportEnd) return badProtocol;
  const endOfHost = hostEnd(text, hostStart, end);
  if (endOfHost < 0) return badSentBy;

  let at = skipBlanks(text, endOfHost, end);
  let port: number | undefined;
  if (at < end && text.charCodeAt(at) === 0x3a) {
    const portStart = skipBlanks(text, at + 1, end);
    const portEnd = endOfDigits(text, portStart, end);
    port = portIn(text, portStart, portEnd);
    at = skipBlanks(text, portEnd, end);
  }
  if (port === -1 || (at < end && text.charCodeAt(at) !== 0x3b)) return badSentBy;

  const offsets: number[] = [];
  const result = readHeaderParameters(text, at, end, offsets);
  if (result === parametersMalformed) return badParameter;
  const protocol = protocolIn(text, transportStart, transportEnd);
  const host = hostIn(text, hostStart, endOfHost);
  return viaWith(protocol, host, port, text.slice(start, end), new Parameters(text, offsets), result);
}

function endOfDigits(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(text.charCodeAt(at))) at++;
  return at;
}

function viaWith(
  protocol: string,
  host: string,
  port: number | undefined,
  text: string,
  parameters: Parameters,
  result: number,
): Parsed<Via> {
  let branch: string | undefined;
  let received: string | undefined;
  let rport: number | true | undefined;
  for (let i = 0; i < parameters.count; i++) {
    if (parameters.isNamed(i, "branch")) {
      // Two branches would let two elements see two transactions in one message.
      if (branch !== undefined) return badParameter;
      branch = parameters.valueOf(i);
    } else if (parameters.isNamed(i, "received")) received ??= parameters.valueOf(i);
    else if (parameters.isNamed(i, "rport")) rport ??= rportOf(parameters.valueOf(i));
  }
  if (rport === -1) return badParameter;
  const hasEmptyParameters = result === parametersHaveEmptyOnes;
  return success({ protocol, host, port, branch, received, rport, text, parameters, hasEmptyParameters });
}

/** Position behind "token LWS / LWS" from `start`, or -1. */
function afterSlash(text: string, start: number, end: number): number {
  if (start < 0) return -1;
  const tokenEnd = skipClass(text, start, end, tokenCharacter);
  const slash = skipBlanks(text, tokenEnd, end);
  if (tokenEnd === start || slash >= end || text.charCodeAt(slash) !== 0x2f) return -1;
  return skipBlanks(text, slash + 1, end);
}

function protocolIn(text: string, start: number, end: number): string {
  const protocol = text.slice(start, end);
  return protocol === "UDP" || protocol === "TCP" || protocol === "TLS" ? protocol : protocol.toUpperCase();
}

function rportOf(value: string): number | true {
  return value === "" ? true : parseDecimal(value, maximumPort);
}
