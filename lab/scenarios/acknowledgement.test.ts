import { testTheme } from "./runner/test-theme.ts";
import { acknowledgement } from "./themes/acknowledgement.ts";

testTheme(acknowledgement);
