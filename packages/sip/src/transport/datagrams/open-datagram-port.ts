import type { DatagramPort, DatagramPortOptions } from "./datagram-port.ts";
import { NativeDatagramPort } from "./native-datagram-port.ts";
import { NodeDatagramPort } from "./node-datagram-port.ts";
import { socketCalls } from "./socket-calls.ts";

/** `native` is for Linux, and falls back to `node` everywhere else. */
export type DatagramKind = "native" | "node";

/** Binds. Rejects when the address or port cannot be had; `code` of the error is the system's. */
export async function openDatagramPort(
  kind: DatagramKind,
  options: DatagramPortOptions,
): Promise<DatagramPort> {
  if (kind === "native") {
    const calls = socketCalls(options.localAddress);
    if (typeof calls !== "string") return NativeDatagramPort.open(calls, options);
  }
  return NodeDatagramPort.open(options);
}
