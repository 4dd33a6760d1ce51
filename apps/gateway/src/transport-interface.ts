import type { InterfaceConfiguration } from "@tandem/contracts";
import type { TransportInterface } from "@tandem/sip/transport";

/** CS3, what most networks take for signaling: media are marked 46 and go before it. */
const defaultSignalingDscp = 24;

/** The signaling side of an interface. */
export function transportInterface({
  signalingDscp: codePoint = defaultSignalingDscp,
  ...one
}: InterfaceConfiguration): TransportInterface {
  return { ...one, codePoint, advertisedAddress: one.advertisedAddress ?? one.localAddress };
}
