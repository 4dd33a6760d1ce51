import type { NetworkScenario } from "./scenario/scenario.ts";
import { callAcrossTheBackbone } from "./scenarios/call-across-the-backbone.ts";
import { callOverALine } from "./scenarios/call-over-a-line.ts";
import { deadLineNoticed } from "./scenarios/dead-line-noticed.ts";
import { gatewayKilledUnderKernelMedia } from "./scenarios/gateway-killed-under-kernel-media.ts";
import { gatewayLostUnderLoad } from "./scenarios/gateway-lost-under-load.ts";
import { internetCustomer } from "./scenarios/internet-customer.ts";
import { lineCutBeforeACall } from "./scenarios/line-cut-before-a-call.ts";
import { lineCutUnderCalls } from "./scenarios/line-cut-under-calls.ts";
import { lineNamedByTnx } from "./scenarios/line-named-by-tnx.ts";
import { originationOverTheLine } from "./scenarios/origination-over-the-line.ts";
import { poorAudioOfOneSide } from "./scenarios/poor-audio-of-one-side.ts";
import { regionLost } from "./scenarios/region-lost.ts";

/** The scenarios on real links, in the order of `./tandem lab`. */
export const networkScenarios: readonly NetworkScenario[] = [
  callOverALine,
  internetCustomer,
  deadLineNoticed,
  originationOverTheLine,
  lineNamedByTnx,
  lineCutBeforeACall,
  lineCutUnderCalls,
  gatewayKilledUnderKernelMedia,
  poorAudioOfOneSide,
  gatewayLostUnderLoad,
  regionLost,
  callAcrossTheBackbone,
];
