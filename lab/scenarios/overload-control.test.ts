import { testTheme } from "./runner/test-theme.ts";
import { overloadControl } from "./themes/overload-control.ts";

testTheme(overloadControl);
