export { httpFault } from "./http-fault.ts";
export { metricsFault } from "./metrics-fault.ts";
export { readConfigurationFile } from "./read-configuration-file.ts";
