import { sessionChanges } from "./groups/session-changes.ts";
import { testGroup } from "./test-group.ts";

testGroup(sessionChanges);
