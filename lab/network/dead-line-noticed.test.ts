import { testScenario } from "./scenario/test-scenario.ts";
import { deadLineNoticed } from "./scenarios/dead-line-noticed.ts";

testScenario(deadLineNoticed);
