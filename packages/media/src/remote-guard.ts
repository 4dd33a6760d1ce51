import { BlockList, isIP } from "node:net";
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
  const { address, port, rtcpAddress, rtcpPort } = remote;
  return (
    objectionTo(relay, endpoint, address, port) ??
    (rtcpPort === 0 ? undefined : objectionTo(relay, endpoint, rtcpAddress, rtcpPort))
  );
}

function objectionTo(
  relay: Pick<MediaRelay, "isOwnAddress">,
  endpoint: Pick<RelayEndpoint, "localAddress">,
  address: string,
  port: number,
): string | undefined {
  if (isIn(multicast, address)) return `${address} is a multicast or broadcast address`;
  if (isIn(loopback, address) && !isIn(loopback, endpoint.localAddress))
    return `${address} is a loopback address`;
  if (relay.isOwnAddress(address, port)) return `${address}:${port} is a media port of this gateway`;
  return undefined;
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
}

// The lists also find these addresses in their IPv4-mapped form.
const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addSubnet("0.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
loopback.addAddress("::", "ipv6");

const multicast = new BlockList();
multicast.addSubnet("224.0.0.0", 4, "ipv4");
multicast.addAddress("255.255.255.255", "ipv4");
multicast.addSubnet("ff00::", 8, "ipv6");
