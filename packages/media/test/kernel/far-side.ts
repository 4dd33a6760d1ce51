import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { inNamespace } from "./host-calls.ts";

/** A UDP socket in a namespace that remembers what came. */
export class FarSide {
  readonly received: { readonly data: Buffer; readonly from: RemoteInfo }[] = [];
  readonly address: string;
  readonly #socket: Socket;

  private constructor(address: string, socket: Socket) {
    this.address = address;
    this.#socket = socket;
    socket.on("message", (data, from) => this.received.push({ data, from }));
    socket.on("error", () => undefined);
  }

  static open(namespace: string, address: string, port = 0): FarSide {
    return inNamespace(namespace, () => {
      const isIpv6 = address.includes(":");
      const family = isIpv6 ? 6 : 4;
      // An answer at once: else the socket would be made later, in another namespace.
      const lookup = (
        host: string,
        _options: unknown,
        answer: (error: null, address: string, family: number) => void,
      ): void => answer(null, host, family);
      const socket = createSocket({ type: isIpv6 ? "udp6" : "udp4", lookup: lookup as never });
      socket.bind({ address, port, exclusive: true });
      return new FarSide(address, socket);
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(data: Buffer, to: { readonly localAddress: string } | FarSide, port: number): void {
    this.#socket.send(data, port, to instanceof FarSide ? to.address : to.localAddress);
  }

  close(): void {
    this.#socket.close();
  }
}
