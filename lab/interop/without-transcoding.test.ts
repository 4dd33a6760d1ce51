import { withoutTranscoding } from "./groups/without-transcoding.ts";
import { testGroup } from "./test-group.ts";

testGroup(withoutTranscoding);
