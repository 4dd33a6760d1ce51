import type { GatewayConfiguration, InterfaceConfiguration } from "@tandem/contracts";
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

/** Every interface that a leg of a call may use. With lines of their own there are some that nobody can name. */
export function mediaInterfaceNames({
  interfaces,
  lineAttribution,
}: Pick<GatewayConfiguration, "interfaces" | "lineAttribution">): readonly string[] {
  const names = interfaces.map(({ name }) => name);
  return lineAttribution === "kernel" ? [...names, "a private line"] : names;
}
