import { keyPresses } from "./groups/key-presses.ts";
import { testGroup } from "./test-group.ts";

testGroup(keyPresses);
