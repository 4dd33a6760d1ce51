import {
  hasWholeEscapes,
  passwordCharacter,
  skipClass,
  uriHeaderCharacter,
  userCharacter,
} from "./character-class.ts";
import { hostEnd, hostIn, portIn } from "./host-port.ts";
import { Parameters } from "./parameters.ts";
import { type Failure, failure, type Parsed } from "./parsed.ts";
import { schemeEnd } from "./scheme.ts";
import { uriParametersIn } from "./uri-parameters.ts";

/** A SIP or SIPS URI, RFC 3261 §19.1. */
export interface SipUri {
  readonly scheme: "sip" | "sips";
  /** As written, escapes included; undefined when the URI names a host only. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Lower case; an IPv6 reference keeps its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: Parameters;
  /** The part after "?", as written; "" when there is none. */
  readonly headers: string;
}

/** What {@link serializeSipUri} needs: only the host is required. */
export interface SipUriParts {
  readonly scheme?: "sip" | "sips";
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly host: string;
  readonly port?: number | undefined;
  readonly parameters?: Parameters | undefined;
  readonly headers?: string | undefined;
}

const notSip = failure("uri-scheme-not-sip", "URI is neither sip nor sips");
const badUser = failure("uri-malformed-user", "Malformed user part of URI");
const badHost = failure("uri-malformed-host", "Malformed host in URI");
const badPort = failure("uri-malformed-port", "Malformed port in URI");
const badParameter = failure("uri-malformed-parameter", "Malformed parameter in URI");
const badHeaders = failure("uri-malformed-headers", "Malformed headers part of URI");

/** Parses a SIP or SIPS URI. Whatever the text, this returns. */
export function parseSipUri(text: string): Parsed<SipUri> {
  const colon = schemeEnd(text, 0, text.length);
  const scheme = colon < 0 ? "" : text.slice(0, colon).toLowerCase();
  if (scheme !== "sip" && scheme !== "sips") return notSip;

  const atSign = text.indexOf("@", colon + 1);
  const hostStart = atSign < 0 ? colon + 1 : atSign + 1;
  let user: string | undefined;
  let password: string | undefined;
  if (atSign >= 0) {
    const userEnd = endOfUser(text, colon + 1, atSign);
    if (userEnd < 0) return badUser;
    user = text.slice(colon + 1, userEnd);
    if (userEnd < atSign) password = text.slice(userEnd + 1, atSign);
  }
  return afterUser(text, scheme, user, password, hostStart);
}

/** End of the user in [start, end), where a password may follow behind ":"; -1 when either is malformed. */
function endOfUser(text: string, start: number, end: number): number {
  const userEnd = skipClass(text, start, end, userCharacter);
  if (userEnd === start || !hasWholeEscapes(text, start, end)) return -1;
  if (userEnd === end) return userEnd;
  if (text.charCodeAt(userEnd) !== 0x3a) return -1;
  return skipClass(text, userEnd + 1, end, passwordCharacter) === end ? userEnd : -1;
}

function afterUser(
  text: string,
  scheme: "sip" | "sips",
  user: string | undefined,
  password: string | undefined,
  start: number,
): Parsed<SipUri> {
  const length = text.length;
  const endOfHost = hostEnd(text, start, length);
  if (endOfHost < 0) return badHost;
  let at = endOfHost;
  let port: number | undefined;
  if (text.charCodeAt(at) === 0x3a) {
    const portEnd = endOfPort(text, at + 1);
    port = portIn(text, at + 1, portEnd);
    if (port < 0) return badPort;
    at = portEnd;
  }
  const question = text.indexOf("?", at);
  const parametersEnd = question < 0 ? length : question;
  const fault = faultAt(text, at, parametersEnd);
  if (fault !== undefined) return fault;
  const parameters = uriParametersIn(text, at, parametersEnd);
  if (parameters === undefined) return badParameter;
  const headers = question < 0 ? "" : text.slice(question + 1);
  if (question >= 0 && !isHeaders(headers)) return badHeaders;
  return {
    ok: true,
    value: { scheme, user, password, host: hostIn(text, start, endOfHost), port, parameters, headers },
  };
}

/** What follows host and port must be parameters, headers or nothing. */
function faultAt(text: string, at: number, parametersEnd: number): Failure | undefined {
  return at < parametersEnd && text.charCodeAt(at) !== 0x3b ? badHost : undefined;
}

function endOfPort(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x3b || code === 0x3f) break;
    at++;
  }
  return at;
}

/** hname=hvalue joined by "&"; a value may be empty, a name may not. */
function isHeaders(headers: string): boolean {
  if (!hasWholeEscapes(headers, 0, headers.length)) return false;
  let at = 0;
  for (;;) {
    const nameEnd = skipClass(headers, at, headers.length, uriHeaderCharacter);
    if (nameEnd === at || headers.charCodeAt(nameEnd) !== 0x3d) return false;
    at = skipClass(headers, nameEnd + 1, headers.length, uriHeaderCharacter);
    if (at === headers.length) return true;
    if (headers.charCodeAt(at) !== 0x26) return false;
    at++;
  }
}

/** The URI as text. User, password, parameters and headers are written as they stand: escape what is not yours. */
export function serializeSipUri(uri: SipUriParts): string {
  let text = `${uri.scheme ?? "sip"}:`;
  if (uri.user !== undefined) {
    text += uri.password === undefined ? `${uri.user}@` : `${uri.user}:${uri.password}@`;
  }
  text += uri.host;
  if (uri.port !== undefined) text += `:${uri.port}`;
  text += (uri.parameters ?? Parameters.none).toString();
  if (uri.headers !== undefined && uri.headers !== "") text += `?${uri.headers}`;
  return text;
}
