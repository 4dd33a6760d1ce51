import { skipBlanks, skipClass, tokenCharacter } from "../uri/character-class.ts";
import { Parameters } from "../uri/parameters.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { parametersFine, readHeaderParameters } from "./header-parameters.ts";

/** What a body, or a part of one, is for: RFC 3261 §20.11. */
export interface ContentDisposition {
  /** In lower case: session, early-session, render, signal … */
  readonly type: string;
  /** `handling=optional`: who does not understand the body goes on as if it were not there. */
  readonly isOptional: boolean;
}

const malformed = failure(
  "content-disposition-malformed",
  "Malformed Content-Disposition header field",
  "Content-Disposition",
);

/** Parses a Content-Disposition value. A handling that is neither `optional` nor said is `required`. */
export function parseContentDisposition(value: string): Parsed<ContentDisposition> {
  const start = skipBlanks(value, 0, value.length);
  const end = skipClass(value, start, value.length, tokenCharacter);
  const offsets: number[] = [];
  const read = readHeaderParameters(value, end, value.length, offsets);
  if (end === start || read !== parametersFine) return malformed;
  const handling = new Parameters(value, offsets).get("handling")?.toLowerCase();
  return success({ type: value.slice(start, end).toLowerCase(), isOptional: handling === "optional" });
}
