import { skipBlanks, skipClass, tokenCharacter } from "../uri/character-class.ts";
import { Parameters } from "../uri/parameters.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { parametersFine, readHeaderParameters } from "./header-parameters.ts";

/** RFC 3261 §20.15. */
export interface ContentType {
  /** type/subtype in lower case. */
  readonly mediaType: string;
  readonly parameters: Parameters;
}

const malformed = failure("content-type-malformed", "Malformed Content-Type header field", "Content-Type");

/** Parses a Content-Type value. */
export function parseContentType(value: string): Parsed<ContentType> {
  return contentTypeIn(value, 0, value.length);
}

/** {@link parseContentType} for a part of a text that has no line folds and no outer blanks. */
export function contentTypeIn(text: string, start: number, end: number): Parsed<ContentType> {
  const typeEnd = skipClass(text, start, end, tokenCharacter);
  const slash = skipBlanks(text, typeEnd, end);
  if (typeEnd === start || slash >= end || text.charCodeAt(slash) !== 0x2f) return malformed;
  const subtypeStart = skipBlanks(text, slash + 1, end);
  const subtypeEnd = skipClass(text, subtypeStart, end, tokenCharacter);
  if (subtypeEnd === subtypeStart) return malformed;
  const offsets: number[] = [];
  if (readHeaderParameters(text, subtypeEnd, end, offsets) !== parametersFine) return malformed;
  const mediaType = `${text.slice(start, typeEnd)}/${text.slice(subtypeStart, subtypeEnd)}`.toLowerCase();
  return success({
    mediaType,
    parameters: offsets.length === 0 ? Parameters.none : new Parameters(text, offsets),
  });
}
