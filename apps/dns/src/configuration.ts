import { isIP } from "node:net";
import { httpFault, metricsFault, readConfigurationFile } from "@tandem/configuration";
import { NameServerConfiguration, type NameServerSocket, validator } from "@tandem/contracts";

const validate = validator(NameServerConfiguration);

/**
 * Reads a name server's configuration file, YAML or JSON.
 * @throws Error that names the file and what is wrong in it
 */
export function readConfiguration(file: string): NameServerConfiguration {
  return readConfigurationFile(file, validate, faultIn);
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
  return metricsFault(configuration.metrics) ?? httpFault("/control/url", configuration.control.url);
}

function isWildcard({ address }: NameServerSocket): boolean {
  return /^[0.:]+$/.test(address);
}
