import { hasWholeEscapes, isOf, skipClass, uriParameterCharacter } from "./character-class.ts";
import { Parameters } from "./parameters.ts";

/**
 * Parameters of a URI in [start, end), where text[start] is ";" or start equals end. Undefined when malformed.
 * A "=" inside a value is tolerated: other elements put base64 there.
 */
export function uriParametersIn(text: string, start: number, end: number): Parameters | undefined {
  if (start >= end) return Parameters.none;
  if (!hasWholeEscapes(text, start, end)) return undefined;
  const offsets: number[] = [];
  let at = start;
  while (at < end) {
    if (text.charCodeAt(at) !== 0x3b) return undefined;
    const nameStart = at + 1;
    at = skipClass(text, nameStart, end, uriParameterCharacter);
    const nameEnd = at;
    if (nameEnd === nameStart) return undefined;
    if (at < end && text.charCodeAt(at) === 0x3d) {
      at = valueEnd(text, at + 1, end);
      if (at === nameEnd + 1) return undefined;
      offsets.push(nameStart, nameEnd, nameEnd + 1, at);
    } else offsets.push(nameStart, nameEnd, -1, -1);
  }
  return new Parameters(text, offsets);
}

function valueEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code !== 0x3d && !isOf(code, uriParameterCharacter)) break;
    at++;
  }
  return at;
}
