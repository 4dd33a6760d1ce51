import type { InterfaceConfiguration, SnapshotConnection } from "@tandem/contracts";
import type { GatewayPlace, LineView } from "../egress/egress-ways.ts";
import type { LineObjection } from "../lines/connection-health-table.ts";
import type { LineAttribution } from "../lines/line-attribution.ts";
import { interfaces as exampleInterfaces } from "./call-of.ts";

/** Lines whose state the test says. */
export interface LineViewDouble extends LineView {
  readonly objections: Map<string, LineObjection>;
  /** Lines without sockets on this gateway. */
  readonly missing: Set<string>;
}

export interface GatewayPlaceDouble extends GatewayPlace {
  readonly lines: LineViewDouble;
}

export interface GatewayPlaceOptions {
  readonly interfaces?: readonly InterfaceConfiguration[];
  readonly attribution?: LineAttribution;
}

/** A gateway at ashburn-ix. With kernel attribution each line has an interface `customers/TX…`. */
export function gatewayPlace(options: GatewayPlaceOptions = {}): GatewayPlaceDouble {
  const { interfaces = exampleInterfaces, attribution = "address" } = options;
  const objections = new Map<string, LineObjection>();
  const missing = new Set<string>();
  const shared = interfaces.find((one) => one.roles.includes("private"));
  const interfaceOf = (connection: SnapshotConnection): InterfaceConfiguration | undefined => {
    if (shared === undefined || missing.has(connection.sid) || connection.edge !== "ashburn-ix")
      return undefined;
    return attribution === "address" ? shared : { ...shared, name: `${shared.name}/${connection.sid}` };
  };
  const effective =
    attribution === "address"
      ? interfaces
      : interfaces.map((one) => ({ ...one, roles: one.roles.filter((role) => role !== "private") }));
  return {
    edge: "ashburn-ix",
    interfaces: effective,
    lines: { attribution, objections, missing, interfaceOf, objectionTo: (sid) => objections.get(sid) },
  };
}
