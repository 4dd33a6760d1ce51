/** The topology file: reading it with its faults named by place, and the ranges that firewalls must know. */
export { faultText, type TopologyFault } from "./fault.ts";
export { ipRangesOf } from "./ip-ranges.ts";
export { maximumTopologyCharacters, parseTopology, type TopologyResult } from "./parse-topology.ts";
