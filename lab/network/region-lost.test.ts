import { testScenario } from "./scenario/test-scenario.ts";
import { regionLost } from "./scenarios/region-lost.ts";

testScenario(regionLost);
