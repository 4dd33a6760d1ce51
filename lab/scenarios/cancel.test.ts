import { testTheme } from "./runner/test-theme.ts";
import { cancel } from "./themes/cancel.ts";

testTheme(cancel);
