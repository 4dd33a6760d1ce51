import { testScenario } from "./scenario/test-scenario.ts";
import { callAcrossTheBackbone } from "./scenarios/call-across-the-backbone.ts";

testScenario(callAcrossTheBackbone);
