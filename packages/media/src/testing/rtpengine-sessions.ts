import type { Clock } from "@tandem/clock";
import { NgClient } from "../rtpengine/ng-client.ts";
import { NgSocket } from "../rtpengine/ng-socket.ts";

/** Names of all sessions that a rtpengine has; undefined: it does not answer. */
export function rtpengineSessions(
  clock: Clock,
  address: string,
  port: number,
): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    const client: NgClient = new NgClient({
      clock,
      random: Math.random,
      send: (datagram) => socket.send(datagram),
    });
    const socket: NgSocket = new NgSocket(address, port, (datagram) => client.receive(datagram));
    client.request("list", new Map(), (reply) => {
      socket.close();
      const calls = reply.ok ? reply.reply.get("calls") : undefined;
      resolve(Array.isArray(calls) ? calls.map(String) : undefined);
    });
  });
}
