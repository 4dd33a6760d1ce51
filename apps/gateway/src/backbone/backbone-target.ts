import type { InterfaceConfiguration, SnapshotGatewayInterface } from "@tandem/contracts";
import type { Target, TransportProtocol } from "@tandem/sip/transport";

/** In the order of preference; TLS is taken when one of both serves nothing else. */
const protocols = [
  ["UDP", "udpPort"],
  ["TCP", "tcpPort"],
  ["TLS", "tlsPort"],
] as const satisfies readonly (readonly [TransportProtocol, keyof SnapshotGatewayInterface])[];

/** Where a sister is reached from our backbone interface; undefined: there is no transport that both serve. */
export function backboneTarget(
  own: InterfaceConfiguration,
  sister: SnapshotGatewayInterface,
): Target | undefined {
  const address = sister.address.replace(/^\[|\]$/g, "");
  for (const [protocol, portName] of protocols) {
    const port = sister[portName];
    if (own[portName] === undefined || port === null) continue;
    return {
      interfaceName: own.name,
      connection: undefined,
      protocol,
      address,
      port,
      ...(protocol === "TLS" ? { serverName: address } : {}),
    };
  }
  return undefined;
}

/** `sip:[user@]address:port[;transport=…]` of that place. */
export function backboneUri(target: Target, user?: string): string {
  const host = target.address.includes(":") ? `[${target.address}]` : target.address;
  const transport = target.protocol === "UDP" ? "" : `;transport=${target.protocol.toLowerCase()}`;
  return `sip:${user === undefined ? "" : `${user}@`}${host}:${target.port}${transport}`;
}
