import type { ConnectionHealth } from "@tandem/contracts";
import type { GatewayState } from "../src/gateway-stream/index.ts";

/** A gateway that has said hello and nothing else. */
export function gatewayState(fields: Partial<GatewayState> = {}): GatewayState {
  return {
    name: "gw-1",
    streamId: "stream-1",
    edge: "ashburn",
    interfaces: [],
    snapshotVersion: 3,
    startedAtMs: 0,
    liveCalls: 0,
    isDraining: false,
    targets: [],
    connections: [],
    healthSnapshotVersion: 0,
    ...fields,
  };
}

/** A line that is up, as a gateway reports it. */
export function connectionHealth(sid: string, fields: Partial<ConnectionHealth> = {}): ConnectionHealth {
  return {
    sid,
    state: "up",
    reason: null,
    sinceMs: Date.UTC(2026, 0, 1),
    link: "up",
    route: "present",
    bgp: null,
    bfd: null,
    receivedBytes: 0,
    sentBytes: 0,
    ...fields,
  };
}
