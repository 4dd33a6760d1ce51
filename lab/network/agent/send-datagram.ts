import { createSocket } from "node:dgram";
import { delay } from "../../harness/wait.ts";
import type { Operations } from "./operations.ts";

/** Sends from exactly that address and port, and listens there for a while. */
export const sendDatagram: Operations["sendDatagram"] = async ({ from, to, text, waitMs }) => {
  const socket = createSocket("udp4");
  const received: string[] = [];
  socket.on("message", (datagram) => received.push(datagram.toString("latin1")));
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: from.address, port: from.port, exclusive: true }, resolve);
  });
  await new Promise<void>((resolve, reject) => {
    socket.send(Buffer.from(text, "latin1"), to.port, to.address, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  await delay(waitMs);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return received;
};
