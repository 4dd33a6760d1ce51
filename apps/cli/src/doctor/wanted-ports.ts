import type { ListenOptions } from "../up/listen-options.ts";
import { heartbeatAddress } from "../up/name-server-configuration.ts";
import type { WantedPort } from "./ports.ts";

/** Ports that `up` is going to bind with these options. */
export function wantedPorts(options: ListenOptions): readonly WantedPort[] {
  const { listenAddress, httpAddress, httpPort, sipPort, tls, nameServer } = options;
  const ports: WantedPort[] = [
    { protocol: "udp", address: listenAddress, port: sipPort, purpose: "SIP" },
    { protocol: "tcp", address: listenAddress, port: sipPort, purpose: "SIP" },
  ];
  if (tls !== undefined) {
    ports.push({ protocol: "tcp", address: listenAddress, port: tls.port, purpose: "SIP over TLS" });
  }
  ports.push({ protocol: "tcp", address: httpAddress, port: httpPort, purpose: "REST" });
  if (nameServer !== undefined) {
    const { port, heartbeatPort } = nameServer;
    ports.push({ protocol: "udp", address: listenAddress, port, purpose: "DNS" });
    ports.push({ protocol: "tcp", address: listenAddress, port, purpose: "DNS" });
    ports.push({ protocol: "udp", address: heartbeatAddress, port: heartbeatPort, purpose: "heartbeats" });
  }
  return ports;
}
