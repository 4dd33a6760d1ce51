export { bindDatagramSocket } from "./bind-datagram-socket.ts";
export { type DescriptorCalls, descriptorCalls, level } from "./descriptor-calls.ts";
export {
  type DescriptorWatch,
  descriptorWatches,
  type OnDescriptorEvent,
} from "./descriptor-watch.ts";
export { markDescriptor } from "./mark-descriptor.ts";
export { markStream } from "./mark-stream.ts";
export { messageCalls } from "./message-calls.ts";
export { Messages, maximumDatagramBytes } from "./messages.ts";
export { openPacketSocket, type PacketReceiver, type PacketSocket } from "./packet-sockets.ts";
export { type SocketAddresses, socketAddresses } from "./socket-address.ts";
