import type { Server, Socket } from "node:net";
import { markDescriptor } from "./mark-descriptor.ts";

/**
 * {@link markDescriptor} for an open socket of `node:net` or `node:tls`: one that listens, was accepted or is connected.
 *
 * @param codePoint 0 to 63
 */
export function markStream(stream: Server | Socket, codePoint: number): string | undefined {
  const descriptor = descriptorOf(stream);
  if (descriptor === undefined) return "the socket is not open";
  return markDescriptor(descriptor, codePoint);
}

/** Node has no public name for it. A test notices the day it is called otherwise. */
function descriptorOf(stream: Server | Socket): number | undefined {
  const { _handle: handle } = stream as { readonly _handle?: { readonly fd?: unknown } | null };
  const descriptor = handle?.fd;
  return typeof descriptor === "number" && descriptor >= 0 ? descriptor : undefined;
}
