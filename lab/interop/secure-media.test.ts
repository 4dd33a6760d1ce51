import { secureMedia } from "./groups/secure-media.ts";
import { testGroup } from "./test-group.ts";

testGroup(secureMedia);
