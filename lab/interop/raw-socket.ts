import { createSocket, type Socket } from "node:dgram";
import { connect } from "node:net";
import { delay } from "../harness/wait.ts";

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A UDP socket that says nothing by itself, and keeps what comes. */
export class RawSocket {
  readonly received: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (datagram) => this.received.push(datagram.toString("latin1")));
  }

  static open(address: string): Promise<RawSocket> {
    const socket = createSocket("udp4");
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(0, address, () => resolve(new RawSocket(socket)));
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(text: string, to: Endpoint): void {
    this.#socket.send(Buffer.from(text, "latin1"), to.port, to.address);
  }

  close(): void {
    this.#socket.close();
  }
}

/** Connects, sends, and tells what came back and whether the other side closed. */
export async function sendOverTcp(
  text: string,
  from: string,
  to: Endpoint,
  limitMs = 5000,
): Promise<{ readonly received: string; readonly isClosed: boolean }> {
  const socket = connect({ host: to.address, port: to.port, localAddress: from });
  let received = "";
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    const done = (): void => {
      isClosed = true;
      resolve();
    };
    socket.once("end", done);
    socket.once("close", done);
    socket.once("error", done);
  });
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
  });
  socket.once("connect", () => socket.write(text, "latin1"));
  await Promise.race([closed, delay(limitMs)]);
  socket.destroy();
  return { received, isClosed };
}

/** A request by hand, with a Call-ID of its own. */
export function rawRequest(
  method: string,
  requestUri: string,
  from: Endpoint,
  protocol: "UDP" | "TCP" = "UDP",
): string {
  const id = Math.random().toString(36).slice(2);
  return [
    `${method} ${requestUri} SIP/2.0`,
    `Via: SIP/2.0/${protocol} ${from.address}:${from.port};branch=z9hG4bK${id}`,
    `From: <sip:+12025550123@${from.address}>;tag=${id}`,
    `To: <${requestUri}>`,
    `Call-ID: ${id}@${from.address}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:${from.address}:${from.port}>`,
    "Max-Forwards: 70",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
