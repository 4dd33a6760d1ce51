import { testTheme } from "./runner/test-theme.ts";
import { sessionChanges } from "./themes/session-changes.ts";

testTheme(sessionChanges);
