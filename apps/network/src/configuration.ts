import { readConfigurationFile } from "@tandem/configuration";
import { GatewayConfiguration, validator } from "@tandem/contracts";
import { type PrivateEdge, privateEdge } from "./edge/private-edge.ts";

const validate = validator(GatewayConfiguration);

export interface HostConfiguration {
  readonly gateway: GatewayConfiguration;
  readonly edge: PrivateEdge;
}

/**
 * Reads the configuration file of the host's gateway, YAML or JSON, for what the agent has to know of it.
 * @throws Error that names the file and what is wrong in it
 */
export function readHostConfiguration(file: string): HostConfiguration {
  const gateway = readConfigurationFile(file, validate);
  const edge = privateEdge(gateway);
  if (typeof edge === "string") throw new Error(`${file}: ${edge}`);
  return { gateway, edge };
}
