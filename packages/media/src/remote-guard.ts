import { BlockList, isIPv6 } from "node:net";
import { ipv4Number } from "./ipv4-number.ts";
import type { MediaRelay, RelayEndpoint, RelayRemote } from "./media-relay.ts";

/**
 * Why an endpoint must not send to what an SDP says; undefined: it may. An endpoint of our own would make packets go round
 * in us for ever; a loopback address names us too, unless the endpoint is itself on loopback; a multicast or
 * broadcast address would multiply them.
 */
export function objectionToRemote(
  relay: Pick<MediaRelay, "isOwnAddress">,
  endpoint: Pick<RelayEndpoint, "localAddress">,
  remote: RelayRemote,
): string | undefined {
  const { address, port, rtcpPort } = remote;
  return (
    objectionToAddress(endpoint, address) ??
    objectionToPort(relay, address, port) ??
    (rtcpPort === 0 ? undefined : objectionToRtcp(relay, endpoint, remote))
  );
}

/** RTCP goes to the address of RTP nearly always. */
function objectionToRtcp(
  relay: Pick<MediaRelay, "isOwnAddress">,
  endpoint: Pick<RelayEndpoint, "localAddress">,
  { address, rtcpAddress, rtcpPort }: RelayRemote,
): string | undefined {
  const objection = rtcpAddress === address ? undefined : objectionToAddress(endpoint, rtcpAddress);
  return objection ?? objectionToPort(relay, rtcpAddress, rtcpPort);
}

function objectionToAddress(
  endpoint: Pick<RelayEndpoint, "localAddress">,
  address: string,
): string | undefined {
  if (isMulticast(address)) return `${address} is a multicast or broadcast address`;
  if (isLoopback(address) && !isLoopback(endpoint.localAddress)) return `${address} is a loopback address`;
  return undefined;
}

function objectionToPort(
  relay: Pick<MediaRelay, "isOwnAddress">,
  address: string,
  port: number,
): string | undefined {
  return relay.isOwnAddress(address, port) ? `${address}:${port} is a media port of this gateway` : undefined;
}

/** 224.0.0.0/4, the broadcast address, and the same of IPv6. */
function isMulticast(address: string): boolean {
  const ipv4 = ipv4Number(address);
  if (ipv4 >= 0) return ipv4 >>> 28 === 0xe || ipv4 === 0xffffffff;
  return isIPv6(address) && multicast.check(address, "ipv6");
}

/** 127.0.0.0/8, 0.0.0.0/8, and the same of IPv6. */
export function isLoopback(address: string): boolean {
  const ipv4 = ipv4Number(address);
  if (ipv4 >= 0) return ipv4 >>> 24 === 127 || ipv4 >>> 24 === 0;
  return isIPv6(address) && loopback.check(address, "ipv6");
}

// For IPv6. The lists find IPv4 networks in their IPv4-mapped form too.
const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addSubnet("0.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
loopback.addAddress("::", "ipv6");

const multicast = new BlockList();
multicast.addSubnet("224.0.0.0", 4, "ipv4");
multicast.addAddress("255.255.255.255", "ipv4");
multicast.addSubnet("ff00::", 8, "ipv6");
