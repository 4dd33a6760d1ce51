import { parseConnection } from "./connection-data.ts";
import { parseDecimal } from "./decimal.ts";
import { type SdpError, sdpError } from "./sdp-error.ts";

/** An a=rtcp attribute, RFC 3605 §2.1. */
export interface RtcpAttribute {
  /** 0: there is no RTCP. */
  readonly port: number;
  /** Undefined: that of the c= line. */
  readonly address: string | undefined;
}

/** Reads what follows `a=rtcp:`, a port and perhaps `IN IP4|IP6 address`. */
export function parseRtcpAttribute(value: string, line: number): RtcpAttribute | SdpError {
  const trimmed = value.trim();
  const space = trimmed.indexOf(" ");
  const portEnd = space === -1 ? trimmed.length : space;
  const port = parseDecimal(trimmed, 0, portEnd, 65_535);
  if (port === -1)
    return sdpError("malformed-rtcp", "the port of a=rtcp is not a number from 0 to 65535", line);
  if (space === -1) return { port, address: undefined };
  const connection = parseConnection(trimmed.slice(space + 1), line);
  if ("code" in connection) return sdpError("malformed-rtcp", "a=rtcp holds no unicast address", line);
  // Nothing may be sent to the unspecified address: the kernel would take it for this machine.
  return { port: connection.isUnspecified ? 0 : port, address: connection.address };
}
