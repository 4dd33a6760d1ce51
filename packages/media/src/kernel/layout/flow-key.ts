import { addressBytes, writeAddress } from "../mapped-address.ts";

export const flowKeyBytes = 24;
/** Neighbouring ports whose flows one entry of `ports` tells. */
export const blockPorts = 32;

/** A local transport address and the device that its packets come by. */
export interface FlowKey {
  readonly ifindex: number;
  readonly port: number;
  /** Mapped form, 16 bytes. */
  readonly address: Buffer;
}

export function writeFlowKey(into: Buffer, at: number, key: FlowKey): void {
  into.writeUInt32LE(key.ifindex, at);
  into.writeUInt16BE(key.port, at + 4);
  into.writeUInt16LE(0, at + 6);
  writeAddress(into, at + 8, key.address);
}

export function readFlowKey(from: Buffer, at: number): FlowKey {
  return {
    ifindex: from.readUInt32LE(at),
    port: from.readUInt16BE(at + 4),
    address: Buffer.from(from.subarray(at + 8, at + 8 + addressBytes)),
  };
}

/** Fills the key of `ports` that a flow's port belongs to. */
export function writeBlockKey(into: Buffer, key: FlowKey): void {
  writeFlowKey(into, 0, { ...key, port: key.port - (key.port % blockPorts) });
}

/** Where a value of `ports` has the number of the flow of a port, plus 1; 0 there: none. */
export function numberAt(port: number): number {
  return 4 + 4 * (port % blockPorts);
}
