import { testScenario } from "./scenario/test-scenario.ts";
import { callOverALine } from "./scenarios/call-over-a-line.ts";

testScenario(callOverALine);
