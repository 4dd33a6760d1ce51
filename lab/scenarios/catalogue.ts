import type { Theme } from "./runner/scenario.ts";
import { acknowledgement } from "./themes/acknowledgement.ts";
import { authentication } from "./themes/authentication.ts";
import { cancel } from "./themes/cancel.ts";
import { failover } from "./themes/failover.ts";
import { forking } from "./themes/forking.ts";
import { malformedRequests } from "./themes/malformed-requests.ts";
import { overloadControl } from "./themes/overload-control.ts";
import { release } from "./themes/release.ts";
import { reliableProvisional } from "./themes/reliable-provisional.ts";
import { routes } from "./themes/routes.ts";
import { sessionChanges } from "./themes/session-changes.ts";
import { onStreams } from "./themes/streams.ts";

/** All scenarios on the wire, by theme. */
export const themes: readonly Theme[] = [
  cancel,
  acknowledgement,
  release,
  forking,
  failover,
  overloadControl,
  sessionChanges,
  reliableProvisional,
  authentication,
  malformedRequests,
  onStreams,
  routes,
];
