import { testTheme } from "./runner/test-theme.ts";
import { malformedRequests } from "./themes/malformed-requests.ts";

testTheme(malformedRequests);
