import { failure, type Parsed, success } from "../uri/parsed.ts";
import { schemeOf } from "../uri/scheme.ts";
import type { Message } from "./message.ts";
import type { NameAddr } from "./name-addr.ts";

/** Values of P-Asserted-Identity, RFC 3325 §9.1: at most one SIP or SIPS URI and one tel URI. */
export interface PAssertedIdentity {
  readonly sip: NameAddr | undefined;
  readonly tel: NameAddr | undefined;
}

const malformed = failure(
  "p-asserted-identity-malformed",
  "Malformed P-Asserted-Identity header field",
  "P-Asserted-Identity",
);

/** P-Asserted-Identity of a message; undefined when absent. Two of a kind, or another scheme, are malformed. */
export function pAssertedIdentityOf(message: Message): Parsed<PAssertedIdentity | undefined> {
  if (!message.has("P-Asserted-Identity")) return success(undefined);
  const values = message.nameAddrs("P-Asserted-Identity");
  if (!values.ok || values.value.length === 0) return malformed;
  let sip: NameAddr | undefined;
  let tel: NameAddr | undefined;
  for (const value of values.value) {
    const scheme = schemeOf(value.addrSpec);
    if ((scheme === "sip" || scheme === "sips") && sip === undefined) sip = value;
    else if (scheme === "tel" && tel === undefined) tel = value;
    else return malformed;
  }
  return success({ sip, tel });
}
