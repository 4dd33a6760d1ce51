import { isIpv4, isIpv6, isMulticastAddress, isUnspecifiedAddress } from "./ip-address.ts";
import { type SdpError, sdpError } from "./sdp-error.ts";

/** A c= line, RFC 8866 §5.7. */
export interface ConnectionData {
  readonly addressType: "IP4" | "IP6";
  readonly address: string;
  /** 0.0.0.0 (or ::): "send me nothing", hold in the manner of RFC 2543 (RFC 3264 §8.4). */
  readonly isUnspecified: boolean;
}

/**
 * Reads the value of a c= line. Host names are refused: the relay has to know the address before the call can go on.
 * So is multicast: a call has one far side.
 */
export function parseConnection(value: string, line: number): ConnectionData | SdpError {
  const text = value.trim();
  const networkTypeEnd = text.indexOf(" ");
  const addressTypeStart = skipSpaces(text, networkTypeEnd);
  const addressTypeEnd = text.indexOf(" ", addressTypeStart);
  const addressStart = skipSpaces(text, addressTypeEnd);
  const isWhole = networkTypeEnd >= 0 && addressTypeEnd >= 0 && text.indexOf(" ", addressStart) < 0;
  if (!isWhole || text.slice(0, networkTypeEnd) !== "IN") {
    return sdpError("malformed-connection", "c= is not `IN IP4|IP6 address`", line);
  }
  const addressType = text.slice(addressTypeStart, addressTypeEnd);
  const written = text.slice(addressStart);
  if (addressType !== "IP4" && addressType !== "IP6") {
    return sdpError("malformed-connection", `address type ${addressType} is unknown`, line);
  }
  const slash = written.indexOf("/");
  const address = slash === -1 ? written : written.slice(0, slash);
  if (!(addressType === "IP4" ? isIpv4(address) : isIpv6(address))) {
    return sdpError("malformed-connection", `c= does not hold an ${addressType} address`, line);
  }
  // Only multicast takes a TTL or a count (RFC 8866 §5.7).
  if (slash !== -1 || isMulticastAddress(address)) {
    return sdpError("multicast-connection", "c= is not a unicast address", line);
  }
  return { addressType, address, isUnspecified: isUnspecifiedAddress(address) };
}

/** Spaces may be doubled. */
function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32) at += 1;
  return at;
}
