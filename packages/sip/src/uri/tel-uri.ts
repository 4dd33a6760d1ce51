import { isHexDigit } from "./character-class.ts";
import type { Parameters } from "./parameters.ts";
import { failure, type Parsed, success } from "./parsed.ts";
import { uriParametersIn } from "./uri-parameters.ts";

/** A tel URI, RFC 3966. */
export interface TelUri {
  /** Visual separators removed; a global number keeps its "+". */
  readonly number: string;
  readonly isGlobal: boolean;
  /** Where a local number means something; RFC 3966 §5.1.5 demands it, practice omits it. */
  readonly phoneContext: string | undefined;
  readonly parameters: Parameters;
}

const notTel = failure("uri-scheme-not-tel", "URI is not a tel URI");
const badNumber = failure("uri-malformed-number", "Malformed number in tel URI");
const badParameter = failure("uri-malformed-parameter", "Malformed parameter in URI");

/** Parses a tel URI. */
export function parseTelUri(text: string): Parsed<TelUri> {
  if (text.slice(0, 4).toLowerCase() !== "tel:") return notTel;
  const semicolon = text.indexOf(";");
  const end = semicolon < 0 ? text.length : semicolon;
  const isGlobal = text.charCodeAt(4) === 0x2b;
  const digits = digitsIn(text, isGlobal ? 5 : 4, end, isGlobal);
  if (digits === "") return badNumber;
  const parameters = uriParametersIn(text, end, text.length);
  if (parameters === undefined) return badParameter;
  return success({
    number: isGlobal ? `+${digits}` : digits,
    isGlobal,
    phoneContext: parameters.get("phone-context"),
    parameters,
  });
}

/** The digits in [start, end) without "-.()", or "" when there is none or something else stands there. */
function digitsIn(text: string, start: number, end: number, isGlobal: boolean): string {
  let digits = "";
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) digits += text[at];
    else if (!isGlobal && (isHexDigit(code) || code === 0x2a || code === 0x23)) digits += text[at];
    else if (code !== 0x2d && code !== 0x2e && code !== 0x28 && code !== 0x29) return "";
  }
  return digits;
}
