import type { Group, Scenario } from "./group.ts";
import { authentication } from "./groups/authentication.ts";
import { baresipTls } from "./groups/baresip-tls.ts";
import { behindKamailio } from "./groups/behind-kamailio.ts";
import { callSetup } from "./groups/call-setup.ts";
import { codePoints } from "./groups/code-points.ts";
import { extensions } from "./groups/extensions.ts";
import { failover } from "./groups/failover.ts";
import { keyPresses } from "./groups/key-presses.ts";
import { mediaSources } from "./groups/media-sources.ts";
import { origination } from "./groups/origination.ts";
import { secureMedia } from "./groups/secure-media.ts";
import { secureTrunk } from "./groups/secure-trunk.ts";
import { sessionChanges } from "./groups/session-changes.ts";
import { staticStability } from "./groups/static-stability.ts";
import { stir } from "./groups/stir.ts";
import { trace } from "./groups/trace.ts";
import { transcoding } from "./groups/transcoding.ts";
import { withoutTranscoding } from "./groups/without-transcoding.ts";

export const groups: readonly Group[] = [
  callSetup,
  authentication,
  sessionChanges,
  extensions,
  keyPresses,
  codePoints,
  mediaSources,
  failover,
  origination,
  baresipTls,
  secureMedia,
  secureTrunk,
  transcoding,
  withoutTranscoding,
  behindKamailio,
  staticStability,
  trace,
  stir,
];

/** The scenario with that name, and the group it plays in. */
export function findScenario(
  name: string,
): { readonly group: Group; readonly scenario: Scenario } | undefined {
  for (const group of groups) {
    const scenario = group.scenarios.find((one) => one.name === name);
    if (scenario !== undefined) return { group, scenario };
  }
  return undefined;
}
