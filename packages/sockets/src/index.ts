export { bindDatagramSocket } from "./bind-datagram-socket.ts";
export { markDescriptor } from "./mark-descriptor.ts";
export { markStream } from "./mark-stream.ts";
