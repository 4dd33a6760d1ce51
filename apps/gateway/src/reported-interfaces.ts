import type { InterfaceConfiguration, SnapshotGatewayInterface } from "@tandem/contracts";
import type { TransportProtocol } from "@tandem/sip/transport";

/** Where the configured interfaces are reached from outside: advertised addresses, and the ports that they got. */
export function reportedInterfaces(
  interfaces: readonly InterfaceConfiguration[],
  transport: { sentBy(interfaceName: string, protocol: TransportProtocol): { readonly port: number } },
): SnapshotGatewayInterface[] {
  return interfaces.map((one) => {
    const port = (configured: number | undefined, protocol: TransportProtocol): number | null => {
      if (configured === undefined) return null;
      // 0 before the transport is open.
      return transport.sentBy(one.name, protocol).port || null;
    };
    return {
      name: one.name,
      roles: one.roles,
      address: one.advertisedAddress ?? one.localAddress,
      udpPort: port(one.udpPort, "UDP"),
      tcpPort: port(one.tcpPort, "TCP"),
      tlsPort: port(one.tlsPort, "TLS"),
    };
  });
}
