import type { InterfaceConfiguration } from "@tandem/contracts";
import type { MediaInterface } from "@tandem/media";

/** Where the media of an interface are bound, and what stands in SDP: as its signaling, unless said otherwise. */
export function mediaInterface(one: InterfaceConfiguration): MediaInterface {
  const localAddress = one.mediaAddress ?? one.localAddress;
  return {
    name: one.name,
    localAddress,
    advertisedAddress:
      one.advertisedMediaAddress ??
      (one.mediaAddress === undefined ? one.advertisedAddress : undefined) ??
      localAddress,
    ...(one.mediaDevice === undefined ? {} : { device: one.mediaDevice }),
    ...(one.mediaWireAddress === undefined ? {} : { wireAddress: one.mediaWireAddress }),
  };
}
