import { mediaSources } from "./groups/media-sources.ts";
import { testGroup } from "./test-group.ts";

testGroup(mediaSources);
