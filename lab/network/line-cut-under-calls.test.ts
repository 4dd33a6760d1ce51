import { testScenario } from "./scenario/test-scenario.ts";
import { lineCutUnderCalls } from "./scenarios/line-cut-under-calls.ts";

testScenario(lineCutUnderCalls);
