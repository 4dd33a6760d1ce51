import type { TransportProtocol } from "./flow.ts";
import { findTopVia } from "./top-via.ts";

/**
 * The same request with another transport in its topmost Via (RFC 3261 §18.1.1). The sent-by changes with it, when
 * it is the one that belongs to the old transport: each transport has a port of its own. undefined: no such Via.
 */
export function rewriteTopVia(
  text: string,
  protocol: TransportProtocol,
  sentBy: { readonly from: string; readonly to: string },
): string | undefined {
  const via = findTopVia(text);
  if (via === undefined) return undefined;
  const written = text.slice(via.sentByStart, via.sentByEnd);
  return (
    text.slice(0, via.protocolStart) +
    protocol +
    text.slice(via.protocolEnd, via.sentByStart) +
    (written === sentBy.from ? sentBy.to : written) +
    text.slice(via.sentByEnd)
  );
}
