/** The bytes of the maps, as program/layout.h has them. The machine is little-endian; addresses and ports are not. */
export { controlPacketBytes, maximumControlPackets, readControlPacket } from "./control-packet.ts";
export {
  blockPorts,
  type FlowKey,
  flowKeyBytes,
  numberAt,
  readFlowKey,
  writeBlockKey,
  writeFlowKey,
} from "./flow-key.ts";
export { type FlowState, type Latch, readFlowState, writeFreshState } from "./flow-state.ts";
export {
  changeMade,
  type FixedWay,
  type FlowTerms,
  type FoundTerms,
  flowChangeBytes,
  type Hop,
  haveSameRemote,
  readFoundTerms,
  termsOf,
  writeFlowTerms,
} from "./flow-terms.ts";
export { writeNetwork, writePartition } from "./lookup-keys.ts";
export { layoutVersion, maximumFlows, shapes } from "./map-shapes.ts";
