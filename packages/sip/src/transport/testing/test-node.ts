import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import type { Flow, TransportProtocol } from "../flow.ts";
import type { MessageReceiver } from "../message-receiver.ts";
import type { SendFailure, Target } from "../target.ts";
import type { TransportInterface } from "../transport-interface.ts";
import { TransportLayer, type TransportLayerOptions } from "../transport-layer.ts";

/** Generous: only a failing test waits this long. */
const patienceMs = 10_000;

/** Polls until it is so. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 2) {
    assert.ok(waitedMs < patienceMs, `still waiting until ${what}`);
    await delay(2);
  }
}

/** A transport layer on loopback with everything it heard. */
export class TestNode implements MessageReceiver {
  readonly clock = new HandClock();
  readonly layer: TransportLayer;
  readonly messages: { readonly text: string; readonly flow: Flow }[] = [];
  readonly closedFlows: string[] = [];
  readonly garbage: string[] = [];
  readonly failures: SendFailure[] = [];
  readonly asked: string[] = [];
  doesAccept = true;
  privateLine: string | undefined;
  readonly onFailure = (failure: SendFailure): void => {
    this.failures.push(failure);
  };

  constructor(interfaces: readonly TransportInterface[], options: Partial<TransportLayerOptions> = {}) {
    this.layer = new TransportLayer({ clock: this.clock, interfaces, receiver: this, ...options });
  }

  onMessage(text: string, flow: Flow): void {
    this.messages.push({ text, flow });
  }
  onFlowClosed(_flow: Flow, why: string): void {
    this.closedFlows.push(why);
  }
  onGarbage(_flow: Flow, error: { readonly code: string }): void {
    this.garbage.push(error.code);
  }
  accept(address: string, interfaceName: string, protocol: TransportProtocol): boolean {
    this.asked.push(`${address} ${interfaceName} ${protocol}`);
    return this.doesAccept;
  }
  connectionOf(): string | undefined {
    return this.privateLine;
  }

  /** The next message, when it is there. */
  async next(): Promise<{ readonly text: string; readonly flow: Flow }> {
    await until("a message comes", () => this.messages.length > 0);
    const message = this.messages.shift();
    assert.ok(message !== undefined);
    return message;
  }

  async nextFailure(): Promise<string> {
    await until("a send fails", () => this.failures.length > 0);
    return this.failures.shift()?.code ?? "";
  }

  port(protocol: TransportProtocol, interfaceName = "one"): number {
    return this.layer.sentBy(interfaceName, protocol).port;
  }

  /** A target at another node, on loopback. */
  targetAt(peer: TestNode, protocol: TransportProtocol, more: Partial<Target> = {}): Target {
    return {
      interfaceName: "one",
      connection: undefined,
      protocol,
      address: "127.0.0.1",
      port: peer.port(protocol),
      ...more,
    };
  }
}

/** One interface on 127.0.0.1 with ports that the kernel chooses. */
export function loopback(...protocols: TransportProtocol[]): TransportInterface {
  return {
    name: "one",
    localAddress: "127.0.0.1",
    advertisedAddress: "192.0.2.1",
    ...(protocols.includes("UDP") ? { udpPort: 0 } : {}),
    ...(protocols.includes("TCP") ? { tcpPort: 0 } : {}),
    ...(protocols.includes("TLS") ? { tlsPort: 0 } : {}),
  };
}

/** A bare TCP client with what it received. */
export class BareClient {
  readonly socket: Socket;
  received = "";
  isClosed = false;

  constructor(port: number, host = "127.0.0.1", localAddress?: string) {
    this.socket = connect({ port, host, ...(localAddress === undefined ? {} : { localAddress }) });
    this.socket.on("data", (chunk: Buffer) => {
      this.received += chunk.toString("latin1");
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.isClosed = true;
    });
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  close(): void {
    this.socket.destroy();
  }
}
