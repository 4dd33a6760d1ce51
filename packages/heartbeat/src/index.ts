/** Signed signs of life from gateways to name servers: text of the datagram and what may be believed of it. Pure. */
export { type HeartbeatFields, signHeartbeat } from "./sign-heartbeat.ts";
export {
  type HeartbeatError,
  maximumHeartbeatBytes,
  maximumHeartbeatSkewMs,
  type VerifiedHeartbeat,
  verifyHeartbeat,
} from "./verify-heartbeat.ts";
