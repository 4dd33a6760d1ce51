import { testTheme } from "./runner/test-theme.ts";
import { reliableProvisional } from "./themes/reliable-provisional.ts";

testTheme(reliableProvisional);
