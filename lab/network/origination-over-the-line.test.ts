import { testScenario } from "./scenario/test-scenario.ts";
import { originationOverTheLine } from "./scenarios/origination-over-the-line.ts";

testScenario(originationOverTheLine);
