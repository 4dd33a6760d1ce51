import { baresipTls } from "./groups/baresip-tls.ts";
import { testGroup } from "./test-group.ts";

testGroup(baresipTls);
