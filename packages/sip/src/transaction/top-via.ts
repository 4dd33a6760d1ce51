import type { TransportProtocol } from "../transport/flow.ts";

/** Our Via value. rport asks for symmetric responses through NATs (RFC 3581); connections are symmetric anyhow. */
export function topVia(
  protocol: TransportProtocol,
  sentBy: { readonly host: string; readonly port: number },
  branch: string,
): string {
  const rport = protocol === "UDP" ? ";rport" : "";
  return `SIP/2.0/${protocol} ${sentBy.host}:${sentBy.port};branch=${branch}${rport}`;
}
