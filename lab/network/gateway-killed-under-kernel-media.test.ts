import { testScenario } from "./scenario/test-scenario.ts";
import { gatewayKilledUnderKernelMedia } from "./scenarios/gateway-killed-under-kernel-media.ts";

testScenario(gatewayKilledUnderKernelMedia);
