import { staticStability } from "./groups/static-stability.ts";
import { testGroup } from "./test-group.ts";

testGroup(staticStability);
