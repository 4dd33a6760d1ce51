import type { HeaderCondition } from "@tandem/contracts";
import { parseNameAddr, type SipRequest } from "@tandem/sip/message";
import { parseSipUri } from "@tandem/sip/uri";

type Place = Pick<HeaderCondition, "header" | "part">;

const names: Readonly<Record<Exclude<HeaderCondition["header"], "request-uri">, string>> = {
  from: "From",
  to: "To",
  contact: "Contact",
  diversion: "Diversion",
  "p-asserted-identity": "P-Asserted-Identity",
  "p-charge-info": "P-Charge-Info",
  "remote-party-id": "Remote-Party-ID",
};

/** What a condition compares, as it is written. Undefined: the request has no such header field, or it no such part. */
export function conditionValue(request: SipRequest, { header, part }: Place): string | undefined {
  if (header === "request-uri") return partOfUri(request.requestUri, part);
  const [value] = request.list(names[header]);
  if (value === undefined || part === "header") return value;
  const address = parseNameAddr(value);
  if (!address.ok) return undefined;
  return part === "display" ? address.value.displayName : partOfUri(address.value.addrSpec, part);
}

function partOfUri(text: string, part: Place["part"]): string | undefined {
  if (part === "header" || part === "uri") return text;
  if (part === "display") return undefined;
  const tel = /^tel:(?<number>[^;]*)/i.exec(text)?.groups?.["number"];
  if (tel !== undefined) return part === "user" ? tel : undefined;
  const uri = parseSipUri(text);
  if (!uri.ok) return undefined;
  return part === "user" ? uri.value.user : uri.value.host;
}
