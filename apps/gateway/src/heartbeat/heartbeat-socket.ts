import { createSocket, type Socket } from "node:dgram";
import { defaultHeartbeatPort } from "@tandem/contracts";
import { type DnsServer, parseDnsServer } from "../dns/dns-servers.ts";

/** Name servers of the configuration, whose reader has refused what is no address. */
export function heartbeatTargets(texts: readonly string[]): readonly DnsServer[] {
  return texts.flatMap((text) => parseDnsServer(text, defaultHeartbeatPort) ?? []);
}

/** Sends datagrams to the name servers from free ports; what becomes of them nobody hears. */
export class HeartbeatSocket {
  readonly #targets: readonly DnsServer[];
  readonly #sockets = new Map<"udp4" | "udp6", Socket>();

  constructor(targets: readonly DnsServer[]) {
    this.#targets = targets;
  }

  send(text: string): void {
    for (const { address, port } of this.#targets) {
      this.#socket(address.includes(":") ? "udp6" : "udp4").send(text, port, address, ignoreFailure);
    }
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  #socket(family: "udp4" | "udp6"): Socket {
    const known = this.#sockets.get(family);
    if (known !== undefined) return known;
    const socket = createSocket(family);
    socket.on("error", ignoreFailure);
    socket.unref();
    this.#sockets.set(family, socket);
    return socket;
  }
}

const ignoreFailure = (): void => {};
