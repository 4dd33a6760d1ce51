import { extensions } from "./groups/extensions.ts";
import { testGroup } from "./test-group.ts";

testGroup(extensions);
