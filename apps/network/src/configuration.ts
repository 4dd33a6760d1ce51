import { readFileSync } from "node:fs";
import { GatewayConfiguration, validator } from "@tandem/contracts";
import { parse } from "yaml";
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
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const validated = validate(content);
  if (!validated.ok) throw new Error(`${file}: ${validated.error}`);
  const edge = privateEdge(validated.value);
  if (typeof edge === "string") throw new Error(`${file}: ${edge}`);
  return { gateway: validated.value, edge };
}
