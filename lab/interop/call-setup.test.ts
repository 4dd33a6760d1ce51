import { callSetup } from "./groups/call-setup.ts";
import { testGroup } from "./test-group.ts";

testGroup(callSetup);
