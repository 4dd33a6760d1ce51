import { testTheme } from "./runner/test-theme.ts";
import { forking } from "./themes/forking.ts";

testTheme(forking);
