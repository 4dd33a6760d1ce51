import { getServers } from "node:dns";
import { isIP } from "node:net";

/** Where a DNS server listens. */
export interface DnsServer {
  readonly address: string;
  readonly port: number;
}

const defaultPort = 53;

/** From "192.0.2.1", "192.0.2.1:5353", "2001:db8::1" or "[2001:db8::1]:5353". undefined: none of these. */
export function parseDnsServer(text: string, impliedPort: number = defaultPort): DnsServer | undefined {
  if (isIP(text) !== 0) return { address: text, port: impliedPort };
  const colon = text.lastIndexOf(":");
  const host = text.endsWith("]") ? text : text.slice(0, Math.max(colon, 0));
  const port = text.endsWith("]") ? impliedPort : portFrom(text.slice(colon + 1));
  const isBracketed = host.startsWith("[") && host.endsWith("]");
  const address = isBracketed ? host.slice(1, -1) : host;
  if (port === undefined || isIP(address) !== (isBracketed ? 6 : 4)) return undefined;
  return { address, port };
}

function portFrom(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** The servers of the operating system (resolv.conf); the local host when it names none. */
export function systemDnsServers(): readonly DnsServer[] {
  const servers = getServers().flatMap((text) => parseDnsServer(text) ?? []);
  return servers.length > 0 ? servers : [{ address: "127.0.0.1", port: defaultPort }];
}
