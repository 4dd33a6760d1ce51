import { failover } from "./groups/failover.ts";
import { testGroup } from "./test-group.ts";

testGroup(failover);
