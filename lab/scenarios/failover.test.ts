import { testTheme } from "./runner/test-theme.ts";
import { failover } from "./themes/failover.ts";

testTheme(failover);
