export { bindDatagramSocket } from "./bind-datagram-socket.ts";
export {
  type DescriptorWatch,
  descriptorWatches,
  type OnDescriptorEvent,
} from "./descriptor-watch.ts";
export { markDescriptor } from "./mark-descriptor.ts";
export { markStream } from "./mark-stream.ts";
export { openPacketSocket, type PacketReceiver, type PacketSocket } from "./packet-sockets.ts";
export {
  addressNumber,
  SocketAddresses,
  socketAddressBytes,
  writeSocketAddress,
} from "./socket-address.ts";
