import { testScenario } from "./scenario/test-scenario.ts";
import { lineNamedByTnx } from "./scenarios/line-named-by-tnx.ts";

testScenario(lineNamedByTnx);
