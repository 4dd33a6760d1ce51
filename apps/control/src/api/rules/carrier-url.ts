import { parseCandidateUri } from "@tandem/routing";
import { ApiError } from "../conventions/api-error.ts";
import { maximumSipUrlLength } from "./sip-url.ts";

/**
 * Checks `sip:host[:port][;transport=udp|tcp|tls]`, the address of a carrier's gateway or registrar. Its edge is a
 * parameter of its own, not of the URL. Throws 91103.
 */
export function checkCarrierUrl(url: string): void {
  if (url.length > maximumSipUrlLength) refuse(`It has more than ${maximumSipUrlLength} characters.`);
  if (!/^sip:/i.test(url)) refuse("It must begin with sip:.");
  const parsed = parseCandidateUri(url);
  if (!parsed.ok) return refuse(`${parsed.text}.`);
  const { edge, tnx, headers, omittedHeaders } = parsed.value;
  if (edge !== undefined || tnx !== undefined) refuse("A carrier's URL has neither edge nor tnx; use Edge.");
  if (headers.length > 0 || omittedHeaders.length > 0) refuse("A carrier's URL adds no header fields.");
}

/** Checks `sip:user@host`. Throws 20001. */
export function checkAddressOfRecord(text: string): void {
  if (/^sip:[^\s<>@;?"]+@[^\s<>@;?"]+$/i.test(text) && text.length <= maximumSipUrlLength) return;
  throw new ApiError("invalidParameter", "AddressOfRecord must be sip:user@host.");
}

function refuse(particulars: string): never {
  throw new ApiError("invalidSipUrl", particulars);
}
