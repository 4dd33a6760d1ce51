/**
 * A program for one end of a test: sockets in the network namespace it runs in, told what to do by JSON lines on its
 * standard input. Each gets one JSON line back.
 */
import { createHash } from "node:crypto";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { connect, createServer, type Socket as TcpSocket } from "node:net";
import { createInterface } from "node:readline";

export interface Received {
  /** Name of the socket it came to. */
  readonly socket: string;
  readonly from: string;
  readonly bytes: number;
  /** Its text, when short; else a hash. */
  readonly text: string;
}

export type Order =
  | {
      readonly do: "udp";
      readonly socket: string;
      readonly address: string;
      readonly port: number;
      readonly isEchoing?: boolean;
    }
  | {
      readonly do: "send";
      readonly socket: string;
      readonly to: string;
      readonly port: number;
      readonly text: string;
      readonly bytes?: number;
    }
  | { readonly do: "connect-udp"; readonly socket: string; readonly to: string; readonly port: number }
  | { readonly do: "listen"; readonly address: string; readonly port: number }
  | {
      readonly do: "transfer";
      readonly from: string;
      readonly to: string;
      readonly port: number;
      readonly bytes: number;
    }
  | { readonly do: "close"; readonly socket: string }
  | { readonly do: "received" }
  | { readonly do: "errors" };

const udp = new Map<string, UdpSocket>();
const received: Received[] = [];
const errors: string[] = [];
const shortBytes = 64;

function describe(content: Buffer): string {
  return content.length <= shortBytes ? content.toString("latin1") : hash(content);
}

function hash(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function filled(text: string, bytes: number | undefined): Buffer {
  return bytes === undefined ? Buffer.from(text, "latin1") : Buffer.alloc(bytes, text, "latin1");
}

async function openUdp(order: Extract<Order, { do: "udp" }>): Promise<void> {
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 * 1024 * 1024 });
  udp.set(order.socket, socket);
  socket.on("error", (error) => errors.push((error as NodeJS.ErrnoException).code ?? error.message));
  socket.on("message", (message, source) => {
    const from = `${source.address}:${source.port}`;
    received.push({ socket: order.socket, from, bytes: message.length, text: describe(message) });
    if (order.isEchoing === true) socket.send(message, source.port, source.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(order.port, order.address, resolve);
  });
}

/** The code of the error, or `sent`. */
function send(order: Extract<Order, { do: "send" }>): Promise<string> {
  return new Promise((resolve) => {
    udp.get(order.socket)?.send(filled(order.text, order.bytes), order.port, order.to, (error) => {
      resolve(error === null ? "sent" : ((error as NodeJS.ErrnoException).code ?? error.message));
    });
  });
}

function connectUdp(order: Extract<Order, { do: "connect-udp" }>): Promise<string> {
  return new Promise((resolve) => {
    const socket = udp.get(order.socket);
    socket?.connect(order.port, order.to, () => {
      socket.send("x", () => {});
      resolve("sent");
    });
  });
}

/** Answers everything that is sent, and tells who it was. */
async function listen(order: Extract<Order, { do: "listen" }>): Promise<void> {
  const server = createServer((socket) => {
    const from = `${socket.remoteAddress ?? ""}:${socket.remotePort ?? 0}`;
    received.push({ socket: "tcp", from, bytes: 0, text: "" });
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(order.port, order.address, resolve);
  });
}

/** Sends so many bytes and reads them back. `intact`, what else came, or the code of the error. */
function transfer(order: Extract<Order, { do: "transfer" }>): Promise<string> {
  return new Promise((resolve) => {
    const content = Buffer.alloc(order.bytes);
    for (let index = 0; index < content.length; index += 1)
      content[index] = (index * 31 + (index >>> 8)) & 0xff;
    const back: Buffer[] = [];
    let bytes = 0;
    const socket: TcpSocket = connect({ port: order.port, host: order.to, localAddress: order.from });
    socket.setTimeout(20_000, () => socket.destroy(new Error("silent")));
    socket.on("connect", () => socket.write(content));
    socket.on("data", (chunk: Buffer) => {
      back.push(chunk);
      bytes += chunk.length;
      if (bytes >= content.length) socket.end();
    });
    socket.on("close", () =>
      resolve(hash(Buffer.concat(back)) === hash(content) ? "intact" : `${bytes} bytes`),
    );
    socket.on("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
  });
}

async function perform(order: Order): Promise<unknown> {
  switch (order.do) {
    case "udp":
      return await openUdp(order);
    case "send":
      return await send(order);
    case "connect-udp":
      return await connectUdp(order);
    case "listen":
      return await listen(order);
    case "transfer":
      return await transfer(order);
    case "close":
      udp.get(order.socket)?.close();
      udp.delete(order.socket);
      return undefined;
    case "received":
      return received.splice(0);
    case "errors":
      return errors.splice(0);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await perform(JSON.parse(line) as Order);
  process.stdout.write(`${JSON.stringify(result ?? null)}\n`);
}
process.exit(0);
