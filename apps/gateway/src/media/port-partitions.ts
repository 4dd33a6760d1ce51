import type { GatewayConfiguration } from "@tandem/contracts";

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** User space has the first ports, the kernel engine the others: three quarters, unless the configuration says otherwise. */
export function portPartitions({ mediaPorts, media }: Pick<GatewayConfiguration, "mediaPorts" | "media">): {
  readonly userspace: PortRange;
  readonly kernel: PortRange;
} {
  const { first, last } = mediaPorts;
  const pairs = Math.floor((last - first + 1) / 2);
  // Each has one pair at least, where there are two.
  const userspacePairs = Math.max(1, Math.floor(pairs / 4));
  const firstKernelPort = media?.firstKernelPort ?? first + userspacePairs * 2;
  return {
    userspace: { first, last: firstKernelPort - 1 },
    kernel: { first: firstKernelPort, last },
  };
}
