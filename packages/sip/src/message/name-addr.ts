import { isBlank, isOf, skipBlanks, tokenCharacter, uriCharacter } from "../uri/character-class.ts";
import { Parameters, unescapeQuotedPairs } from "../uri/parameters.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { schemeEnd } from "../uri/scheme.ts";
import {
  endOfQuotedString,
  endWithoutBlanks,
  parametersFine,
  readHeaderParameters,
} from "./header-parameters.ts";

/** name-addr or addr-spec with parameters: a value of From, To, Contact, Route, Record-Route, Diversion, … */
export interface NameAddr {
  /** Without quotes and escapes; undefined when there is none, "" for an empty quoted string. */
  readonly displayName: string | undefined;
  /** The URI as written, without angle brackets. */
  readonly addrSpec: string;
  readonly tag: string | undefined;
  /** Parameters of the header field, not those of the URI. */
  readonly parameters: Parameters;
  /** The value as it stands in the message, unfolded. */
  readonly text: string;
}

const unclosedQuote = failure("name-addr-unclosed-quote", "Quoted string is not closed");
const badDisplayName = failure("name-addr-malformed-display-name", "Malformed display name");
const unclosedBracket = failure("name-addr-unclosed-bracket", "Angle bracket is not closed");
const badUri = failure("name-addr-malformed-uri", "Malformed URI");
const bracketsMissing = failure("name-addr-brackets-missing", "URI needs angle brackets");
const badParameter = failure("name-addr-malformed-parameter", "Malformed parameter");
const badTag = failure("name-addr-malformed-tag", "Malformed tag");

/** Parses one name-addr or addr-spec with its parameters. */
export function parseNameAddr(value: string): Parsed<NameAddr> {
  return nameAddrIn(value, 0, value.length);
}

/** {@link parseNameAddr} for a part of a text that has no line folds. */
export function nameAddrIn(text: string, from: number, to: number): Parsed<NameAddr> {
  const start = skipBlanks(text, from, to);
  const end = endWithoutBlanks(text, start, to);
  if (text.charCodeAt(start) === 0x22 && start < end) {
    const quoteEnd = endOfQuotedString(text, start, end);
    if (quoteEnd < 0) return unclosedQuote;
    const bracket = skipBlanks(text, quoteEnd, end);
    if (bracket >= end || text.charCodeAt(bracket) !== 0x3c) return badDisplayName;
    return bracketed(text, start, bracket, end, unescapeQuotedPairs(text.slice(start + 1, quoteEnd - 1)));
  }
  const bracket = text.indexOf("<", start);
  if (bracket < 0 || bracket >= end) return bare(text, start, end);
  if (!isDisplayName(text, start, bracket)) {
    return isBareUriFirst(text, start, bracket) ? bare(text, start, end) : badDisplayName;
  }
  const nameEnd = endWithoutBlanks(text, start, bracket);
  return bracketed(text, start, bracket, end, nameEnd === start ? undefined : text.slice(start, nameEnd));
}

/** Tokens and blanks; also bytes above 127, since unquoted UTF-8 display names are common. */
function isDisplayName(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80 && !isBlank(code) && !isOf(code, tokenCharacter)) return false;
  }
  return true;
}

/** A "<" further on may belong to a quoted parameter: `sip:a@b;x="<"`. */
function isBareUriFirst(text: string, start: number, bracket: number): boolean {
  const quote = text.indexOf('"', start);
  return quote >= 0 && quote < bracket && schemeEnd(text, start, quote) >= 0;
}

function bracketed(
  text: string,
  start: number,
  bracket: number,
  end: number,
  displayName: string | undefined,
): Parsed<NameAddr> {
  const closing = text.indexOf(">", bracket);
  if (closing < 0 || closing >= end) return unclosedBracket;
  if (!isUri(text, bracket + 1, closing)) return badUri;
  return withParameters(text, start, end, closing + 1, displayName, text.slice(bracket + 1, closing));
}

/** addr-spec without brackets: what follows ";" belongs to the header field, and "," and "?" may not occur (RFC 3261 §20). */
function bare(text: string, start: number, end: number): Parsed<NameAddr> {
  let uriEnd = start;
  while (uriEnd < end) {
    const code = text.charCodeAt(uriEnd);
    if (code === 0x3b || isBlank(code)) break;
    if (code === 0x2c || code === 0x3f) return bracketsMissing;
    uriEnd++;
  }
  if (!isUri(text, start, uriEnd)) return badUri;
  return withParameters(text, start, end, uriEnd, undefined, text.slice(start, uriEnd));
}

/** A scheme and visible characters behind it. What they mean is for the one who uses the URI. */
function isUri(text: string, start: number, end: number): boolean {
  const colon = schemeEnd(text, start, end);
  if (colon < 0 || colon + 1 >= end) return false;
  for (let at = colon + 1; at < end; at++) {
    if (!isOf(text.charCodeAt(at), uriCharacter)) return false;
  }
  return true;
}

function withParameters(
  text: string,
  start: number,
  end: number,
  at: number,
  displayName: string | undefined,
  addrSpec: string,
): Parsed<NameAddr> {
  let parameters = Parameters.none;
  let tag: string | undefined;
  if (at < end) {
    const offsets: number[] = [];
    if (readHeaderParameters(text, at, end, offsets) !== parametersFine) return badParameter;
    parameters = new Parameters(text, offsets);
    for (let i = 0; i < parameters.count; i++) {
      if (!parameters.isNamed(i, "tag")) continue;
      if (tag !== undefined || !parameters.isToken(i)) return badTag;
      tag = parameters.valueOf(i);
    }
  }
  return success({ displayName, addrSpec, tag, parameters, text: text.slice(start, end) });
}
