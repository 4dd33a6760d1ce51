import type { IpAddress } from "@tandem/routing";
import type { GatewayHost, TransportName } from "./gateway-host.ts";
import type { Tiers } from "./tiers.ts";

/** A name of the zone, and what its records are made of. */
export type ZoneNode =
  /** The base domain itself: SOA and NS. */
  | { readonly kind: "apex" }
  /** A trunk, in the form that belongs to the tiers: addresses and NAPTR. */
  | { readonly kind: "trunk"; readonly tiers: Tiers }
  /** `_sip._udp` and its sisters below a trunk: SRV. */
  | { readonly kind: "service"; readonly tiers: Tiers; readonly transport: TransportName }
  /** A gateway: addresses. */
  | { readonly kind: "host"; readonly host: GatewayHost }
  /** A name server of the zone: addresses. */
  | { readonly kind: "name-server"; readonly addresses: readonly IpAddress[] }
  /** Nothing but names below it (RFC 8020: it exists, without records). */
  | { readonly kind: "empty" };

/** `outside`: not of this zone. `missing`: of this zone, and there is no such name. */
export type FoundNode = ZoneNode | { readonly kind: "outside" } | { readonly kind: "missing" };
