import { testScenario } from "./scenario/test-scenario.ts";
import { gatewayLostUnderLoad } from "./scenarios/gateway-lost-under-load.ts";

testScenario(gatewayLostUnderLoad);
