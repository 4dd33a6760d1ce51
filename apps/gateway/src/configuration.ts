import { httpFault, metricsFault, readConfigurationFile } from "@tandem/configuration";
import { GatewayConfiguration, validator } from "@tandem/contracts";
import { parseDnsServer } from "./dns/dns-servers.ts";
import { rtpengineFault } from "./media/rtpengines.ts";
import { stirConfigurationFault } from "./stir/configuration-fault.ts";
import { parseCollector } from "./trace/collector-socket.ts";

const validate = validator(GatewayConfiguration);

/**
 * Reads a gateway's configuration file, YAML or JSON.
 * @throws Error that names the file and what is wrong in it
 */
export function readConfiguration(file: string): GatewayConfiguration {
  return readConfigurationFile(file, validate, faultIn);
}

/** What a schema can't say. */
function faultIn(configuration: GatewayConfiguration): string | undefined {
  const names = configuration.interfaces.map((one) => one.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `/interfaces: two interfaces are named ${twice}`;
  const needsTls = configuration.interfaces.find((one) => one.tlsPort !== undefined);
  if (needsTls !== undefined && configuration.tls === undefined) {
    return `/tls: interface ${needsTls.name} has a TLS port but there is no certificate`;
  }
  const noAddress = configuration.heartbeatTargets?.find((text) => parseDnsServer(text) === undefined);
  if (noAddress !== undefined) return `/heartbeatTargets: ${noAddress} is no address`;
  return (
    portFault(configuration) ??
    lineFault(configuration) ??
    rtpengineFault(configuration) ??
    collectorFault(configuration) ??
    stirConfigurationFault(configuration) ??
    metricsFault(configuration.metrics) ??
    httpFault("/control/url", configuration.control.url)
  );
}

function collectorFault({ trace }: GatewayConfiguration): string | undefined {
  if (trace === undefined || parseCollector(trace.collector) !== undefined) return undefined;
  return `/trace/collector: ${trace.collector} is no address`;
}

function portFault({ mediaPorts, media }: GatewayConfiguration): string | undefined {
  const { first, last } = mediaPorts;
  if (first % 2 !== 0) return `/mediaPorts/first: ${first} is odd; RTP takes the even port of a pair`;
  if (last <= first) return `/mediaPorts: ${first} to ${last} holds no pair of ports`;
  const firstKernelPort = media?.firstKernelPort;
  if (firstKernelPort === undefined || (firstKernelPort > first && firstKernelPort < last)) return undefined;
  return `/media/firstKernelPort: ${firstKernelPort} leaves no ports of ${first} to ${last} to one of the engines`;
}

/** The lines take their ports and advertised addresses from the private interface, so there must be one, and no second. */
function lineFault({ interfaces, lineAttribution }: GatewayConfiguration): string | undefined {
  if (lineAttribution !== "kernel") return undefined;
  const shared = interfaces.filter((one) => one.roles.includes("private"));
  if (shared.length === 1) return undefined;
  return `/lineAttribution: kernel needs one interface of role private, there are ${shared.length}`;
}
