import { testScenario } from "./scenario/test-scenario.ts";
import { lineCutBeforeACall } from "./scenarios/line-cut-before-a-call.ts";

testScenario(lineCutBeforeACall);
