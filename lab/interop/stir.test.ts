import { stir } from "./groups/stir.ts";
import { testGroup } from "./test-group.ts";

testGroup(stir);
