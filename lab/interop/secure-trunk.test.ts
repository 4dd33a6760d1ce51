import { secureTrunk } from "./groups/secure-trunk.ts";
import { testGroup } from "./test-group.ts";

testGroup(secureTrunk);
