import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";

/** A UDP socket that speaks with one address only. What can't be sent is a lost datagram. */
export class NgSocket {
  readonly #socket: Socket;
  #isConnected = false;
  #waiting: string[] = [];

  constructor(address: string, port: number, onDatagram: (datagram: string) => void) {
    this.#socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
    this.#socket.on("error", () => undefined);
    this.#socket.on("message", (data) => onDatagram(data.toString("latin1")));
    this.#socket.connect(port, address, (error?: Error) => {
      if (error !== undefined && error !== null) return;
      this.#isConnected = true;
      for (const datagram of this.#waiting.splice(0)) this.send(datagram);
    });
  }

  send(datagram: string): void {
    if (this.#isConnected) this.#socket.send(Buffer.from(datagram, "latin1"), () => undefined);
    else if (this.#waiting.length < maximumWaiting) this.#waiting.push(datagram);
  }

  close(): void {
    this.#isConnected = false;
    this.#waiting = [];
    this.#socket.close();
  }
}

/** Datagrams kept until the socket is there, some milliseconds after the start. */
const maximumWaiting = 64;
