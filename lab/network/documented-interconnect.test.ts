import { interconnectPage } from "./documented/interconnect-page.ts";
import { testScenario } from "./scenario/test-scenario.ts";

testScenario(interconnectPage);
