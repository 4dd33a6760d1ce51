/** Far sides and a relay between them; everything is closed by `closeAll`. */
import assert from "node:assert/strict";
import type { RelayEndpoint, RelayPolicy, RelayRemote, SourcePolicy } from "@tandem/media";
import { loopback, openRelay, Peer, type RelayFixture } from "./wire.ts";

const closers: (() => Promise<void>)[] = [];

/** To be given to `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

export async function fixture(...options: Parameters<typeof openRelay>): Promise<RelayFixture> {
  const made = await openRelay(...options);
  closers.push(() => made.relay.close());
  return made;
}

export async function peerAt(address = loopback): Promise<Peer> {
  const peer = await Peer.open(address);
  closers.push(() => peer.close());
  return peer;
}

export function opened(
  relay: RelayFixture["relay"],
  kind: "rtp" | "udptl" | "opaque" = "rtp",
): RelayEndpoint {
  const endpoint = relay.openEndpoint({ mediaInterface: "media", kind });
  assert.ok(endpoint);
  return endpoint;
}

export function remoteAt(rtp: Peer, rtcp?: Peer): RelayRemote {
  return {
    address: rtp.address,
    port: rtp.port,
    rtcpAddress: (rtcp ?? rtp).address,
    rtcpPort: rtcp?.port ?? 0,
  };
}

/** Two far sides joined by the relay. */
export interface Bridge extends RelayFixture {
  readonly a: RelayEndpoint;
  readonly b: RelayEndpoint;
  readonly alice: Peer;
  readonly bob: Peer;
  readonly bobRtcp: Peer;
}

export async function bridge(kind: "rtp" | "udptl" | "opaque" = "rtp"): Promise<Bridge> {
  const made = await fixture();
  const [alice, bob, bobRtcp] = await Promise.all([peerAt(), peerAt(), peerAt()]);
  const a = opened(made.relay, kind);
  const b = opened(made.relay, kind);
  a.setRemote(remoteAt(alice));
  b.setRemote(remoteAt(bob, bobRtcp));
  made.relay.join(a, b);
  return { ...made, a, b, alice, bob, bobRtcp };
}

export function policyOf(
  source: SourcePolicy,
  trustedNetworks: readonly string[] = [],
  signalingAddress?: string,
): RelayPolicy {
  return { source, signalingAddress, trustedNetworks };
}
