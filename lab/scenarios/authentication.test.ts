import { testTheme } from "./runner/test-theme.ts";
import { authentication } from "./themes/authentication.ts";

testTheme(authentication);
