import { behindKamailio } from "./groups/behind-kamailio.ts";
import { testGroup } from "./test-group.ts";

testGroup(behindKamailio);
