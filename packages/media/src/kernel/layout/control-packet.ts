import { type FlowKey, flowKeyBytes, readFlowKey } from "./flow-key.ts";

/** Copies of RTCP packets that wait for the gateway; as in program/layout.h. */
export const maximumControlPackets = 1024;
/** Of an RTCP packet so many bytes are copied. */
export const controlPayloadBytes = 128;
export const controlPacketBytes: number = flowKeyBytes + 16 + controlPayloadBytes;

/** A copy of an RTCP packet that the program took. */
export interface ControlPacket {
  readonly key: FlowKey;
  /** CLOCK_MONOTONIC. */
  readonly arrivedNs: bigint;
  /** Of the whole packet. */
  readonly bytes: number;
  /** Its beginning; good until the next one is read. */
  readonly data: Buffer;
}

/** Reads a value of the queue `control`. */
export function readControlPacket(value: Buffer): ControlPacket {
  const copied = Math.min(controlPayloadBytes, value.readUInt32LE(flowKeyBytes + 12));
  return {
    key: readFlowKey(value, 0),
    arrivedNs: value.readBigUInt64LE(flowKeyBytes),
    bytes: value.readUInt32LE(flowKeyBytes + 8),
    data: value.subarray(flowKeyBytes + 16, flowKeyBytes + 16 + copied),
  };
}
