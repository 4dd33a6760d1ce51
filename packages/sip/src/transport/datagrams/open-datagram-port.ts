import { isIPv6 } from "node:net";
import type { DatagramPort, DatagramPortOptions } from "./datagram-port.ts";
import { NativeDatagramPort } from "./native-datagram-port.ts";
import { NodeDatagramPort } from "./node-datagram-port.ts";
import { socketCalls } from "./socket-calls.ts";

/** `native` is for IPv4 on Linux, and falls back to `node` everywhere else. */
export type DatagramKind = "native" | "node";

/** Binds. Rejects when the address or port cannot be had; `code` of the error is the system's. */
export async function openDatagramPort(
  kind: DatagramKind,
  options: DatagramPortOptions,
): Promise<DatagramPort> {
  if (kind === "native" && !isIPv6(options.localAddress)) {
    const calls = await socketCalls();
    if (typeof calls !== "string") return NativeDatagramPort.open(calls, options);
  }
  return NodeDatagramPort.open(options);
}
