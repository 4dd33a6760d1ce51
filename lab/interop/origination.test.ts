import { origination } from "./groups/origination.ts";
import { testGroup } from "./test-group.ts";

testGroup(origination);
