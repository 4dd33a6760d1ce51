import { isIPv6 } from "node:net";
import type { InterfaceConfiguration } from "@tandem/contracts";
import type { TransportProtocol } from "@tandem/sip/transport";

/** Transports that some interface has a port for, the preferred ones first: no other can be sent by (RFC 3263 §4.1). */
export function servedProtocols(interfaces: readonly InterfaceConfiguration[]): TransportProtocol[] {
  const protocols: TransportProtocol[] = [];
  if (interfaces.some((one) => one.udpPort !== undefined)) protocols.push("UDP");
  if (interfaces.some((one) => one.tcpPort !== undefined)) protocols.push("TCP");
  if (interfaces.some((one) => one.tlsPort !== undefined)) protocols.push("TLS");
  return protocols;
}

/** Address families of the interfaces, IPv4 first: an address of another family is out of reach. */
export function servedFamilies(interfaces: readonly InterfaceConfiguration[]): (4 | 6)[] {
  const families: (4 | 6)[] = [];
  if (interfaces.some((one) => !isIPv6(one.localAddress))) families.push(4);
  if (interfaces.some((one) => isIPv6(one.localAddress))) families.push(6);
  return families;
}
