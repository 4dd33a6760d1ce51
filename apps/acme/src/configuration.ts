import { isIP } from "node:net";
import { metricsFault, readConfigurationFile } from "@tandem/configuration";
import { AcmeConfiguration, validator } from "@tandem/contracts";

const validate = validator(AcmeConfiguration);

/**
 * Reads the configuration file, YAML or JSON.
 * @throws Error that names the file and what is wrong in it
 */
export function readConfiguration(file: string): AcmeConfiguration {
  return readConfigurationFile(file, validate, faultIn);
}

/** What a schema cannot say. */
function faultIn(configuration: AcmeConfiguration): string | undefined {
  return metricsFault(configuration.metrics) ?? certificatesFault(configuration);
}

function certificatesFault({ certificates, solver }: AcmeConfiguration): string | undefined {
  const names = certificates.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `/certificates: two are named ${twice}`;
  if (solver.type === "dns-01") return undefined;
  if (isIP(solver.address) === 0) return `/solver/address: ${solver.address} is no IP address`;
  const wildcard = certificates.flatMap(({ domains }) => domains).find((domain) => domain.startsWith("*."));
  return wildcard === undefined ? undefined : `/certificates: ${wildcard} needs dns-01 (RFC 8555 §8.3)`;
}
