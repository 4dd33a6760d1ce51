import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { NameServerConfiguration, type NameServerSocket, validator } from "@tandem/contracts";
import { parse } from "yaml";

const validate = validator(NameServerConfiguration);

/**
 * Reads a name server's configuration file, YAML or JSON.
 * @throws Error that names the file and what is wrong in it
 */
export function readConfiguration(file: string): NameServerConfiguration {
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
function faultIn(configuration: NameServerConfiguration): string | undefined {
  const sockets = [...configuration.listen, ...(configuration.heartbeats ?? [])];
  const socket = sockets.find(({ address }) => isIP(address) === 0);
  if (socket !== undefined) return `${socket.address} is no IP address to listen on`;
  const wildcard = configuration.listen.find(isWildcard);
  if (wildcard !== undefined) {
    return `/listen: ${wildcard.address}: name each address, since an answer must come from the address that was asked`;
  }
  for (const { name, addresses } of configuration.nameServers) {
    const wrong = addresses.find((address) => isIP(address) === 0);
    if (wrong !== undefined) return `/nameServers: ${name}: ${wrong} is no IP address`;
    if (!name.includes(".") && addresses.length === 0) {
      return `/nameServers: ${name} stands below the base domain and needs addresses`;
    }
  }
  const { url } = configuration.control;
  const protocol = URL.parse(url)?.protocol;
  return protocol === "http:" || protocol === "https:"
    ? undefined
    : `/control/url: ${url} is no http or https URL`;
}

function isWildcard({ address }: NameServerSocket): boolean {
  return /^[0.:]+$/.test(address);
}
