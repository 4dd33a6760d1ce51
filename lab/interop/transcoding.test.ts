import { transcoding } from "./groups/transcoding.ts";
import { testGroup } from "./test-group.ts";

testGroup(transcoding);
