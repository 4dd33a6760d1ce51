import type { Clock } from "@tandem/clock";
import { ConnectionPool, type StreamTarget } from "./connection-pool.ts";
import type { DatagramKind } from "./datagrams/open-datagram-port.ts";
import type { Flow, TransportProtocol } from "./flow.ts";
import { InterfaceSockets } from "./interface-sockets.ts";
import { deafReceiver, type MessageReceiver } from "./message-receiver.ts";
import type { MessageSink } from "./message-sink.ts";
import { RefusedUpgrades } from "./refused-upgrades.ts";
import { datagramResponsePort, streamResponseTarget } from "./response-destination.ts";
import { failLater } from "./send-failure.ts";
import { StreamConnection } from "./stream-connection.ts";
import type { SendFailure, Target } from "./target.ts";
import { TlsContexts } from "./tls-contexts.ts";
import type { TlsOptions } from "./tls-options.ts";
import type { TransportInterface } from "./transport-interface.ts";
import { defaultTransportLimits, type TransportLimits } from "./transport-limits.ts";
import { rewriteTopVia } from "./via-rewrite.ts";

type OnFailure = (failure: SendFailure) => void;

export interface TransportLayerOptions {
  readonly clock: Clock;
  readonly interfaces: readonly TransportInterface[];
  /** Needed when an interface has a TLS port. */
  readonly tls?: TlsOptions | undefined;
  /** What is left out keeps its default. */
  readonly limits?: Partial<TransportLimits> | undefined;
  readonly receiver?: MessageReceiver | undefined;
  /** How UDP is read and written. Default: `native`, which falls back to `node` where there is none. */
  readonly datagrams?: DatagramKind | undefined;
}

/** What is open now; all zero after `close` but the totals, which only grow. */
export interface TransportCounts {
  readonly udpSockets: number;
  /** Of these, read and written without `node:dgram`. */
  readonly nativeUdpSockets: number;
  /** TCP and TLS, those being set up included. */
  readonly connections: number;
  /** Of these, by TLS. */
  readonly secureConnections: number;
  /** Of these, being set up. */
  readonly pending: number;
  readonly acceptedConnections: number;
  /** Remote addresses that accepted connections come from. */
  readonly acceptedAddresses: number;
  readonly outgoingConnections: number;
  /** Smallest buffers that the kernel granted to a UDP socket (Linux tells twice the usable size). 0: no UDP socket. */
  readonly udpReceiveBufferBytes: number;
  readonly udpSendBufferBytes: number;
  /** Total: datagrams the receiver did not accept. */
  readonly refusedDatagrams: number;
  /** Total: connections the receiver did not accept or that were too many. */
  readonly refusedConnections: number;
}

/** All sockets of a gateway: messages in, messages out (RFC 3261 §18). */
export class TransportLayer implements MessageSink {
  readonly #limits: TransportLimits;
  readonly #datagrams: DatagramKind;
  readonly #pool: ConnectionPool;
  readonly #interfaces = new Map<string, InterfaceSockets>();
  readonly #refusedUpgrades: RefusedUpgrades;
  /** Names that `addInterface` is binding at this moment. */
  readonly #adding = new Set<string>();
  readonly #currentReceiver = (): MessageReceiver => this.#receiver;
  #receiver: MessageReceiver;
  #tls: TlsContexts | undefined;
  #isOpen = false;

  /** Throws when the interfaces have a TLS port and no certificate, two have one name, or a certificate is no good. */
  constructor(options: TransportLayerOptions) {
    this.#limits = { ...defaultTransportLimits, ...options.limits };
    this.#datagrams = options.datagrams ?? "native";
    this.#receiver = options.receiver ?? deafReceiver;
    this.#tls = options.tls === undefined ? undefined : new TlsContexts(options.tls);
    this.#pool = new ConnectionPool({
      clock: options.clock,
      limits: this.#limits,
      receiver: this.#currentReceiver,
      tls: () => this.#tls,
    });
    this.#refusedUpgrades = new RefusedUpgrades({
      clock: options.clock,
      memoryMs: this.#limits.refusedUpgradeMemoryMs,
      maximum: this.#limits.maximumRefusedUpgrades,
    });
    for (const transportInterface of options.interfaces) {
      this.#checkInterface(transportInterface);
      this.#interfaces.set(transportInterface.name, this.#socketsOf(transportInterface));
    }
  }

  #socketsOf(transportInterface: TransportInterface): InterfaceSockets {
    return new InterfaceSockets({
      transportInterface,
      limits: this.#limits,
      datagrams: this.#datagrams,
      receiver: this.#currentReceiver,
      pool: this.#pool,
    });
  }

  #checkInterface(transportInterface: TransportInterface): void {
    const { name, tlsPort } = transportInterface;
    if (this.#interfaces.has(name) || this.#adding.has(name))
      throw new Error(`two interfaces are named ${name}`);
    if (tlsPort !== undefined && this.#tls?.first === undefined) {
      throw new Error(`interface ${name} has a TLS port but there is no certificate`);
    }
  }

  /** Binds everything. Rejects, with nothing left open, when a port cannot be had. */
  async open(): Promise<void> {
    this.#isOpen = true;
    try {
      for (const sockets of this.#interfaces.values()) await sockets.open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * Binds one more interface while the others go on. Rejects, with nothing left of it, when an address or port cannot
   * be had (`code` of the error is the system's), its name is taken, or the layer is not open.
   */
  async addInterface(transportInterface: TransportInterface): Promise<void> {
    this.#checkInterface(transportInterface);
    const { name } = transportInterface;
    const sockets = this.#socketsOf(transportInterface);
    this.#adding.add(name);
    try {
      await sockets.open();
      if (!this.#isOpen) throw new Error(`the transport layer is not open: no interface ${name}`);
      this.#interfaces.set(name, sockets);
    } catch (error) {
      await sockets.close();
      throw error;
    } finally {
      this.#adding.delete(name);
    }
  }

  /** Closes an interface and its connections; the others notice nothing. Nothing happens when there is none of that name. */
  async removeInterface(name: string): Promise<void> {
    const sockets = this.#interfaces.get(name);
    if (sockets === undefined) return;
    this.#interfaces.delete(name);
    this.#pool.closeInterface(name);
    await sockets.close();
  }

  /** Idempotent. What waits to be sent fails with `transport-closed`. */
  async close(): Promise<void> {
    this.#isOpen = false;
    this.#refusedUpgrades.clear();
    const sockets = Array.from(this.#interfaces.values(), (one) => one.close());
    await Promise.all([...sockets, this.#pool.close()]);
  }

  setReceiver(receiver: MessageReceiver): void {
    this.#receiver = receiver;
  }

  /** New certificates and authorities for handshakes from now on; connections stay. Throws, changing nothing, when they are no good. */
  reloadTls(options: TlsOptions): void {
    const contexts = new TlsContexts(options);
    if (contexts.first === undefined && this.#tls?.first !== undefined) {
      throw new Error("a reload must bring a certificate");
    }
    this.#tls = contexts;
  }

  /** Throws on the name of an interface that does not exist: a fault of the caller. */
  sentBy(
    interfaceName: string,
    protocol: TransportProtocol,
  ): { readonly host: string; readonly port: number } {
    const sockets = this.#interfaces.get(interfaceName);
    if (sockets === undefined) throw new Error(`there is no interface ${interfaceName}`);
    return sockets.sentBy(protocol);
  }

  counts(): TransportCounts {
    const udp = [...this.#interfaces.values()].flatMap(({ udp: socket }) => socket ?? []);
    const open = udp.filter((socket) => socket.isOpen);
    const { connections, secure, pending, accepted, addresses, outgoing } = this.#pool.counts();
    return {
      udpSockets: open.length,
      nativeUdpSockets: open.filter((socket) => socket.isNative).length,
      connections,
      secureConnections: secure,
      pending,
      acceptedConnections: accepted,
      acceptedAddresses: addresses,
      outgoingConnections: outgoing,
      udpReceiveBufferBytes:
        open.length === 0 ? 0 : Math.min(...open.map((socket) => socket.receiveBufferBytes)),
      udpSendBufferBytes: open.length === 0 ? 0 : Math.min(...open.map((socket) => socket.sendBufferBytes)),
      refusedDatagrams: udp.reduce((sum, socket) => sum + socket.refusedDatagrams, 0),
      refusedConnections: this.#pool.refusedConnections,
    };
  }

  sendTo(target: Target, text: string, onFailure: OnFailure): Flow | undefined {
    const { flow } = target;
    if (flow instanceof StreamConnection && flow.isOpen) return flow.send(text, onFailure) ? flow : undefined;
    const sockets = this.#interfaces.get(target.interfaceName);
    if (!this.#isOpen || sockets?.serves(target.protocol) !== true) {
      failLater(
        onFailure,
        "protocol-not-served",
        `${target.interfaceName} does not serve ${target.protocol}`,
      );
      return undefined;
    }
    if (isStreamTarget(target)) {
      return this.#sendByStream(sockets, target, text, onFailure, this.#limits.connectTimeoutMs);
    }
    if (text.length > this.#limits.datagramThresholdBytes && sockets.tcp !== undefined) {
      return this.#sendUpgraded(sockets, target, text, onFailure);
    }
    return sendDatagram(sockets, target, text, onFailure);
  }

  #sendByStream(
    sockets: InterfaceSockets,
    target: StreamTarget,
    text: string,
    onFailure: OnFailure,
    connectTimeoutMs: number,
  ): StreamConnection | undefined {
    const found = this.#pool.connectionTo(target, sockets.transportInterface, connectTimeoutMs);
    if (!(found instanceof StreamConnection)) {
      failLater(onFailure, found.code, found.text);
      return undefined;
    }
    return found.send(text, onFailure) ? found : undefined;
  }

  /**
   * RFC 3261 §18.1.1: a long request for UDP goes by TCP, and by UDP after all when TCP is refused.
   * Deviation: a TCP that does not answer in time counts as refused, since firewalls drop rather than refuse,
   * and the answer is remembered for a while: most carriers that speak UDP speak nothing else.
   */
  #sendUpgraded(
    sockets: InterfaceSockets,
    target: Target,
    text: string,
    onFailure: OnFailure,
  ): Flow | undefined {
    const remote = `${target.interfaceName}|${target.connection ?? ""}|${target.address}|${target.port}`;
    const rewritten = this.#refusedUpgrades.has(remote) ? undefined : upgradedText(sockets, text);
    if (rewritten === undefined) return sendDatagram(sockets, target, text, onFailure);
    let flow: StreamConnection | undefined;
    const onUpgradeFailure = (failure: SendFailure): void => {
      if (!this.#isOpen) return onFailure(failure);
      // Only a connection that never came to be leaves no doubt that the request was not delivered.
      if (flow?.hasBeenOpen === true) return onFailure(failure);
      // No flow: our own limit stood in the way, which says nothing about the remote.
      if (flow !== undefined) this.#refusedUpgrades.add(remote);
      sendDatagram(sockets, target, text, onFailure);
    };
    flow = this.#sendByStream(
      sockets,
      { ...target, protocol: "TCP" },
      rewritten,
      onUpgradeFailure,
      this.#limits.upgradeConnectTimeoutMs,
    );
    return flow;
  }

  /** Closes the connection of a flow, without a byte: what a stranger gets. UDP: nothing to close. */
  closeFlow(flow: Flow): void {
    if (flow instanceof StreamConnection) flow.close("refused");
  }

  sendOn(flow: Flow, text: string, onFailure: OnFailure): void {
    if (flow.protocol === "UDP") return this.#sendOnDatagramFlow(flow, text, onFailure);
    if (flow instanceof StreamConnection && flow.isOpen) {
      flow.send(text, onFailure);
      return;
    }
    const target = streamResponseTarget(flow, text);
    if (target === undefined) return failLater(onFailure, "closed", "the connection is closed");
    this.sendTo(target, text, onFailure);
  }

  #sendOnDatagramFlow(flow: Flow, text: string, onFailure: OnFailure): void {
    const udp = this.#interfaces.get(flow.interfaceName)?.udp;
    if (udp === undefined) {
      return failLater(onFailure, "protocol-not-served", `${flow.interfaceName} does not serve UDP`);
    }
    udp.send(text, flow.remoteAddress, datagramResponsePort(flow, text), onFailure);
  }
}

function sendDatagram(
  sockets: InterfaceSockets,
  target: Target,
  text: string,
  onFailure: OnFailure,
): Flow | undefined {
  return sockets.udp?.sendTo(text, target, onFailure);
}

function upgradedText(sockets: InterfaceSockets, text: string): string | undefined {
  const from = sockets.sentBy("UDP");
  const to = sockets.sentBy("TCP");
  return rewriteTopVia(text, "TCP", { from: `${from.host}:${from.port}`, to: `${to.host}:${to.port}` });
}

function isStreamTarget(target: Target): target is StreamTarget {
  return target.protocol !== "UDP";
}
