export { httpFault } from "./http-fault.ts";
export { readConfigurationFile } from "./read-configuration-file.ts";
