import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** Above the ports that Linux gives to whoever asks for any (`ip_local_port_range`): nobody takes one in the meantime. */
const range = { first: 61_000, last: 65_534 } as const;

/** The first of `count` ports of `address` in a row that are free for UDP and TCP alike. It is even. */
export async function freePort(address: string, count = 1): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const first = 2 * randomInt(range.first / 2, Math.floor((range.last - count) / 2) + 1);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const areFree = await Promise.all(ports.map((port) => isFree(address, port)));
    if (areFree.every((isOne) => isOne)) return first;
  }
  throw new Error(`no ${count} ports of ${address} are free for both UDP and TCP`);
}

async function isFree(address: string, port: number): Promise<boolean> {
  return (await isFreeForTcp(address, port)) && (await isFreeForUdp(address, port));
}

function isFreeForTcp(address: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (isTaken(error) ? resolve(false) : reject(error)));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

function isFreeForUdp(address: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.once("error", (error) => (isTaken(error) ? resolve(false) : reject(error)));
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

function isTaken(error: Error): boolean {
  return "code" in error && error.code === "EADDRINUSE";
}
