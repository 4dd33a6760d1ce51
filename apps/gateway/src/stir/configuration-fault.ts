import { isIP } from "node:net";
import type { GatewayConfiguration } from "@tandem/contracts";
import { certificateUrlFault } from "@tandem/stir";

/** What a schema can't say of `stir`; undefined: nothing is wrong. */
export function stirConfigurationFault({ stir }: GatewayConfiguration): string | undefined {
  const { signing, verification } = stir ?? {};
  const fault = signing && certificateUrlFault(signing.certificateUrl, verification?.certificatePorts);
  if (fault !== undefined) return `/stir/signing/certificateUrl: ${signing?.certificateUrl} ${fault}`;
  for (const [host, address] of Object.entries(verification?.repositories ?? {})) {
    if (host !== host.toLowerCase()) return `/stir/verification/repositories: ${host} is not lower case`;
    if (isIP(address) === 0) return `/stir/verification/repositories/${host}: ${address} is no IP address`;
  }
  return undefined;
}
