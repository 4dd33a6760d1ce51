import type { TransportProtocol } from "../transport/index.ts";

/** One address to try. */
export interface LocatedTarget {
  readonly protocol: TransportProtocol;
  /** Numeric, without brackets. */
  readonly address: string;
  readonly port: number;
  /** Host of the URI: the name a TLS certificate must have, whatever DNS made of it (RFC 3263 §4.1). */
  readonly serverName: string;
}

/** Why nothing was found. */
export type LocateFailureCode =
  /** The URI asks for a transport that does not exist here or that its scheme forbids. */
  | "unsupported-transport"
  /** The transport is known but not among those the locator was given. */
  | "transport-not-served"
  /** The host cannot be a DNS name. */
  | "invalid-host"
  /** DNS says that there is no such name or that it has no address. */
  | "name-not-found"
  /** DNS says that the service is not offered there (an SRV target of "."). */
  | "service-not-available"
  /** DNS did not answer. */
  | "resolver-failed";

/** All targets in the order to try, at least one; or why there is none. */
export type Located =
  | { readonly ok: true; readonly targets: readonly LocatedTarget[] }
  | { readonly ok: false; readonly code: LocateFailureCode; readonly text: string };
