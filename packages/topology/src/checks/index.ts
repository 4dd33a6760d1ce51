import type { Topology } from "@tandem/contracts";
import type { SemanticFault } from "../fault.ts";
import { checkAddresses } from "./addresses.ts";
import { checkEdges } from "./edges.ts";
import { checkExchanges } from "./exchanges.ts";
import { checkGateways } from "./gateways.ts";
import { checkMedia } from "./media.ts";
import { checkNames } from "./names.ts";
import { checkRegions } from "./regions.ts";

/** Everything that a schema cannot say. */
export function checksOf(topology: Topology): readonly SemanticFault[] {
  return [
    checkNames,
    checkRegions,
    checkExchanges,
    checkEdges,
    checkAddresses,
    checkMedia,
    checkGateways,
  ].flatMap((check) => [...check(topology)]);
}
