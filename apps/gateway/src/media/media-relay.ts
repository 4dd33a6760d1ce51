import { join } from "node:path";
import type { Clock } from "@tandem/clock";
import type { GatewayConfiguration } from "@tandem/contracts";
import {
  EngineRelay,
  isLoopback,
  KernelRelay,
  type MediaRelay,
  systemCalls,
  UserspaceRelay,
} from "@tandem/media";
import { mediaInterface } from "../media-interface.ts";
import { portPartitions } from "./port-partitions.ts";

/** Socket pairs per media address that are bound before the first call, unless the configuration says otherwise. */
const defaultPreboundEndpoints = 64;
const defaultBpfDirectory = "/run/tandem/bpf";

export type MediaEvent = (event: string, fields: Readonly<Record<string, unknown>>) => void;

/**
 * The relay by the configuration's engine, and a line of log that says which engine serves which interface, and why.
 * @throws Error when the kernel engine is demanded and can't be had
 */
export async function mediaRelay(
  configuration: GatewayConfiguration,
  clock: Clock,
  onEvent: MediaEvent,
): Promise<MediaRelay> {
  const objection = objectionToKernel(configuration);
  const kernel = objection ?? (await startKernel(configuration, clock));
  if (typeof kernel !== "string") return withKernel(configuration, clock, kernel, onEvent);
  if (configuration.media?.engine === "kernel") throw new Error(`/media/engine: kernel: ${kernel}`);
  onEvent("media-engine", { engine: "userspace", reason: kernel });
  return userspace(configuration, clock);
}

/** Why the kernel engine is not even tried; undefined: it is. */
function objectionToKernel({ media, interfaces }: GatewayConfiguration): string | undefined {
  if (media?.engine === "userspace") return "configured";
  const isAllLocal = interfaces.every((one) => isLoopback(mediaInterface(one).localAddress));
  return isAllLocal ? "all media addresses are loopback addresses" : undefined;
}

/** A text says what this host lacks. */
async function startKernel(configuration: GatewayConfiguration, clock: Clock): Promise<KernelRelay | string> {
  const calls = await systemCalls();
  if (typeof calls === "string") return calls;
  const { name, media, interfaces, stateDirectory } = configuration;
  return KernelRelay.start(
    {
      clock,
      interfaces: interfaces.map((one) => mediaInterface(one)),
      ports: portPartitions(configuration).kernel,
      bpfDirectory: media?.bpfDirectory ?? defaultBpfDirectory,
      name,
      cacheDirectory: join(stateDirectory, "kernel-relay"),
      dscp: media?.dscp ?? 0,
    },
    calls,
  );
}

function withKernel(
  configuration: GatewayConfiguration,
  clock: Clock,
  kernel: KernelRelay,
  onEvent: MediaEvent,
): EngineRelay {
  const interfaces = configuration.interfaces.map((one) => mediaInterface(one));
  const ports = portPartitions(configuration);
  const relay = new EngineRelay(
    {
      kernel,
      kernelPorts: ports.kernel,
      standby: new UserspaceRelay({
        clock,
        interfaces: [],
        ports: ports.kernel,
        preboundEndpoints: 1,
        ...socketOptions(configuration),
      }),
      userspace: userspace(configuration, clock, ports.userspace),
      onTakenOver: (endpoint, reason) => onEvent("media-taken-over", { endpoint, reason }),
    },
    interfaces,
  );
  const served = interfaces.map(({ name }) => [name, relay.objectionTo(name) ?? "kernel"]);
  onEvent("media-engine", { engine: "kernel", ports: ports.kernel, interfaces: Object.fromEntries(served) });
  return relay;
}

function socketOptions({ datagrams, media }: GatewayConfiguration) {
  return { dscp: media?.dscp ?? 0, sockets: datagrams ?? "native" } as const;
}

function userspace(
  configuration: GatewayConfiguration,
  clock: Clock,
  ports: GatewayConfiguration["mediaPorts"] = configuration.mediaPorts,
): UserspaceRelay {
  return new UserspaceRelay({
    clock,
    interfaces: configuration.interfaces.map((one) => mediaInterface(one)),
    ports,
    preboundEndpoints: configuration.preboundEndpoints ?? defaultPreboundEndpoints,
    ...socketOptions(configuration),
  });
}
