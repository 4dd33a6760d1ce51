import { skipClass, tokenCharacter } from "../uri/character-class.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";

const malformed = failure("privacy-malformed", "Malformed Privacy header field", "Privacy");

/**
 * Values of a Privacy header field in lower case (RFC 3323 §4.2: header, session, user, none, critical; RFC 3325: id;
 * RFC 7044: history). Commas are taken for semicolons: elements that have not read the grammar send them.
 */
export function parsePrivacy(value: string): Parsed<readonly string[]> {
  const all: string[] = [];
  for (const part of value.replaceAll(",", ";").split(";")) {
    const name = part.trim().toLowerCase();
    if (name === "" || skipClass(name, 0, name.length, tokenCharacter) !== name.length) return malformed;
    all.push(name);
  }
  return success(all);
}
