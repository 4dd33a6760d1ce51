import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** A port of `address` that is free for UDP and TCP alike. */
export async function freePort(address: string): Promise<number> {
  for (let tries = 0; tries < 20; tries += 1) {
    const port = await freeTcpPort(address);
    if (await isFreeForUdp(address, port)) return port;
  }
  throw new Error(`no port of ${address} is free for both UDP and TCP`);
}

function freeTcpPort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, address, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === "object" && bound !== null ? bound.port : 0));
    });
  });
}

function isFreeForUdp(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.once("error", () => resolve(false));
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
