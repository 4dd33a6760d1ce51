/** Whether the ports that the programs want can be bound. */
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { Finding } from "./finding.ts";

export interface WantedPort {
  readonly protocol: "udp" | "tcp";
  readonly address: string;
  readonly port: number;
  readonly purpose: string;
}

/** The error code of a bind (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`), undefined when it worked. */
export function tryBind({ protocol, address, port }: WantedPort): Promise<string | undefined> {
  return protocol === "udp" ? tryUdp(address, port) : tryTcp(address, port);
}

function tryUdp(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}

function tryTcp(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has it, perhaps a running Tandem: see 'ss -lunpt', or choose another port",
  EACCES: "a port below 1024 needs root or CAP_NET_BIND_SERVICE: choose another port",
  EADDRNOTAVAIL: "no interface of this machine has the address: see 'ip address'",
};

export async function checkPort(wanted: WantedPort): Promise<Finding> {
  const code = await tryBind(wanted);
  const check = `${wanted.protocol} ${wanted.port}`;
  const place = `${wanted.address}, ${wanted.purpose}`;
  if (code === undefined) return { level: "ok", check, text: `${place}: free` };
  const remedy = remedies[code];
  return { level: "fail", check, text: `${place}: ${code}`, ...(remedy !== undefined && { remedy }) };
}
