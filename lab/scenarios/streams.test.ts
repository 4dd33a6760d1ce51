import { testTheme } from "./runner/test-theme.ts";
import { onStreams } from "./themes/streams.ts";

testTheme(onStreams);
