import { join } from "node:path";
import { startKamailio, untilBound } from "../user-agents/kamailio.ts";
import type { Stage } from "./stage.ts";

const configurationFile = join(import.meta.dirname, "kamailio.cfg");

/** In by one socket, out by another. */
export interface Proxy {
  readonly name: string;
  readonly address: string;
  readonly inSocket: "udp" | "tcp";
  readonly outSocket: "udp" | "tcp";
}

/** A Kamailio between two of the parties for one scenario. `nextHop` is where requests outside a dialog go. */
export async function withProxy(
  stage: Stage,
  { name, address, outSocket }: Proxy,
  nextHop: string,
  play: () => Promise<void>,
): Promise<void> {
  const kamailio = startKamailio({
    name: stage.uniqueName(name),
    configurationFile,
    directory: stage.exchange.directory,
    words: {
      PROXY_ADDRESS: address,
      FROM_SOCKET: outSocket === "tcp" ? `tcp:${address}:5060` : `udp:${address}:5070`,
      NEXT_HOP: nextHop,
    },
  });
  try {
    await untilBound(kamailio, address, 5070);
    await play();
  } finally {
    await kamailio.stop(3000);
  }
}
