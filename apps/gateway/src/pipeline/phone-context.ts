import { unescapeUser } from "@tandem/sip/uri";
import { numberPart } from "./number-part.ts";

/**
 * Where the local number of a user part, or behind `tel:`, means something (RFC 3966 §5.1.5): `+31`, `pbx.example.com`, "" when
 * it does not say. Undefined: there is no phone-context, or the number is a global one, which needs none.
 */
export function phoneContextOf(user: string): string | undefined {
  if (!user.includes(";") || numberPart(user).startsWith("+")) return undefined;
  for (const parameter of user.split(";").slice(1)) {
    const equals = parameter.indexOf("=");
    const name = equals < 0 ? parameter : parameter.slice(0, equals);
    if (unescapeUser(name).toLowerCase() !== "phone-context") continue;
    return equals < 0 ? "" : unescapeUser(parameter.slice(equals + 1));
  }
  return undefined;
}
