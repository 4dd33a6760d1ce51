import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { AcmeConfiguration, validator } from "@tandem/contracts";
import { parse } from "yaml";

const validate = validator(AcmeConfiguration);

/**
 * Reads the configuration file, YAML or JSON.
 * @throws Error that names the file and what is wrong in it
 */
export function readConfiguration(file: string): AcmeConfiguration {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const validated = validate(content);
  if (!validated.ok) throw new Error(`${file}: ${validated.error}`);
  const fault = faultIn(validated.value);
  if (fault !== undefined) throw new Error(`${file}: ${fault}`);
  return validated.value;
}

/** What a schema cannot say. */
function faultIn({ certificates, solver }: AcmeConfiguration): string | undefined {
  const names = certificates.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `/certificates: two are named ${twice}`;
  if (solver.type === "dns-01") return undefined;
  if (isIP(solver.address) === 0) return `/solver/address: ${solver.address} is no IP address`;
  const wildcard = certificates.flatMap(({ domains }) => domains).find((domain) => domain.startsWith("*."));
  return wildcard === undefined ? undefined : `/certificates: ${wildcard} needs dns-01 (RFC 8555 §8.3)`;
}
