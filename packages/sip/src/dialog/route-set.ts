import type { SipMessage } from "../message/index.ts";
import { type Parsed, parseNameAddr } from "../message/index.ts";
import { parseSipUri } from "../uri/index.ts";

/**
 * Record-Route of a message as a route set: Route values in the order in which they are written into requests.
 * A UAS takes them as they stand (RFC 3261 §12.1.1), a UAC in reverse order (§12.1.2).
 */
export function routeSetFrom(message: SipMessage, role: "uac" | "uas"): Parsed<readonly string[]> {
  if (!message.has("Record-Route")) return noRoutes;
  const values = message.list("Record-Route");
  for (const value of values) {
    if (firstHop(value) === undefined) return malformed;
  }
  return { ok: true, value: role === "uac" ? values.toReversed() : values };
}

/** The first entry of a route set. */
export interface FirstHop {
  readonly uri: string;
  /** Has the lr parameter (RFC 3261 §16.12). Without it a strict router: it wants to be the Request-URI. */
  readonly isLooseRouter: boolean;
}

/** Undefined when the value is no name-addr with a SIP URI. */
export function firstHop(route: string): FirstHop | undefined {
  const nameAddr = parseNameAddr(route);
  if (!nameAddr.ok) return undefined;
  const uri = parseSipUri(nameAddr.value.addrSpec);
  if (!uri.ok) return undefined;
  return { uri: nameAddr.value.addrSpec, isLooseRouter: uri.value.parameters.has("lr") };
}

const noRoutes: Parsed<readonly string[]> = { ok: true, value: [] };
const malformed: Parsed<readonly string[]> = {
  ok: false,
  error: {
    code: "record-route-malformed",
    text: "Malformed Record-Route header field",
    headerField: "Record-Route",
  },
};
