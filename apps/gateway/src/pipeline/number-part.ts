import { unescapeUser } from "@tandem/sip/uri";

/** `+1555;npdi;rn=…` and `%2B1555` to `+1555`. */
export function numberPart(user: string): string {
  const semicolon = user.indexOf(";");
  return unescapeUser(semicolon < 0 ? user : user.slice(0, semicolon));
}
