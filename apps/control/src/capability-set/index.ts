/** The capability set document of a trunk (RFC 10006), in JSON and XML. */
export {
  type CapabilityFacts,
  capabilitySetOf,
  maximumListedNumbers,
} from "./capability-set.ts";
export { capabilityXml } from "./capability-xml.ts";
