import { authentication } from "./groups/authentication.ts";
import { testGroup } from "./test-group.ts";

testGroup(authentication);
