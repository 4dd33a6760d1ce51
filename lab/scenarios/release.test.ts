import { testTheme } from "./runner/test-theme.ts";
import { release } from "./themes/release.ts";

testTheme(release);
