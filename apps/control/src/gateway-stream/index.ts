/** The stream between control and its gateways, control's end. */
export { authenticateGateway } from "./gateway-authentication.ts";
export { closeText, type GatewayState, textOf } from "./gateway-connection.ts";
export { GatewayRegister } from "./gateway-register.ts";
export { type Explained, GatewayStreamHub } from "./gateway-stream-hub.ts";
export { LatestSnapshot } from "./latest-snapshot.ts";
export { gatewayStreamLimits } from "./limits.ts";
export { serveGatewayStream } from "./serve-gateway-stream.ts";
