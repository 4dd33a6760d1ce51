import type { InterfaceConfiguration, SnapshotConnection } from "@tandem/contracts";
import { mediaInterface } from "../media-interface.ts";

/** Ports of the private interface as they are bound. */
export type BoundPorts = Pick<InterfaceConfiguration, "udpPort" | "tcpPort" | "tlsPort">;

/** `customers/TX…`: the same in every life of the gateway, so that the journal's calls find it again. */
export function lineInterfaceName(privateInterface: InterfaceConfiguration, sid: string): string {
  return `${privateInterface.name}/${sid}`;
}

/** The line of an interface of that name; undefined: it is no line's. */
export function sidOfLineInterface(
  privateInterface: InterfaceConfiguration,
  name: string,
): string | undefined {
  const prefix = lineInterfaceName(privateInterface, "");
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/**
 * The interface of a line: on the line's own address and the private interface's ports, and shown as the private
 * interface, whose address the kernel puts in place of the line's.
 */
export function lineInterface(
  privateInterface: InterfaceConfiguration,
  ports: BoundPorts,
  connection: SnapshotConnection,
): InterfaceConfiguration {
  const { advertisedAddress } = mediaInterface(privateInterface);
  const { signalingDscp, tcpConnectionReuse } = privateInterface;
  return {
    name: lineInterfaceName(privateInterface, connection.sid),
    roles: ["private"],
    localAddress: connection.localAddress,
    advertisedAddress: privateInterface.advertisedAddress ?? privateInterface.localAddress,
    advertisedMediaAddress: advertisedAddress,
    // The agent's rules work behind the kernel engine, which sees packets as they are on the line.
    mediaDevice: connection.device,
    mediaWireAddress: advertisedAddress,
    ...(signalingDscp === undefined ? {} : { signalingDscp }),
    ...(tcpConnectionReuse === undefined ? {} : { tcpConnectionReuse }),
    ...ports,
  };
}
