import { trace } from "./groups/trace.ts";
import { testGroup } from "./test-group.ts";

testGroup(trace);
