import { testTheme } from "./runner/test-theme.ts";
import { routes } from "./themes/routes.ts";

testTheme(routes);
