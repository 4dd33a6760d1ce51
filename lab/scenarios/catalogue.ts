import type { Theme } from "./runner/scenario.ts";
import { acknowledgement } from "./themes/acknowledgement.ts";
import { cancel } from "./themes/cancel.ts";
import { release } from "./themes/release.ts";

/** All scenarios on the wire, by theme. */
export const themes: readonly Theme[] = [cancel, acknowledgement, release];
