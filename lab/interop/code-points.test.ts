import { codePoints } from "./groups/code-points.ts";
import { testGroup } from "./test-group.ts";

testGroup(codePoints);
