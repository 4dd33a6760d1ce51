import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import type { Clock } from "@tandem/clock";
import { markStream } from "@tandem/sockets";
import type { MessageReceiver } from "./message-receiver.ts";
import { checkPeerIdentity } from "./peer-identity.ts";
import { ReusedConnections } from "./reused-connections.ts";
import { StreamConnection, type StreamOwner } from "./stream-connection.ts";
import type { SendFailure, Target } from "./target.ts";
import type { TlsContexts } from "./tls-contexts.ts";
import { defaultPort, findTopVia, hasViaParameter, sentByPort } from "./top-via.ts";
import type { TransportInterface } from "./transport-interface.ts";
import type { TransportLimits } from "./transport-limits.ts";

/** A target whose protocol is a stream. */
export type StreamTarget = Target & { readonly protocol: "TCP" | "TLS" };

export interface ConnectionPoolOptions {
  readonly clock: Clock;
  readonly limits: TransportLimits;
  readonly receiver: () => MessageReceiver;
  /** Asked for every handshake, so that a reload matters at once. undefined: no TLS here. */
  readonly tls: () => TlsContexts | undefined;
}

/**
 * All TCP and TLS connections of a gateway. Outgoing ones are found again by (interface, connection, protocol,
 * address, port, server name). An accepted one carries requests back only by the rules of `ReusedConnections`.
 */
export class ConnectionPool implements StreamOwner {
  readonly clock: Clock;
  readonly limits: TransportLimits;
  readonly #options: ConnectionPoolOptions;
  readonly #outgoing = new Map<string, StreamConnection>();
  readonly #aliases: ReusedConnections;
  readonly #open = new Set<StreamConnection>();
  readonly #sockets = new Set<StreamConnection>();
  readonly #acceptedByAddress = new Map<string, number>();
  /** Accepted, and no message has come yet, the oldest first. Keep-alives cost a stranger nothing. */
  readonly #silent = new Set<StreamConnection>();
  #accepted = 0;
  #serial = 0;
  #whenEmpty: (() => void) | undefined;
  /** Connections closed because they were too many or their address was not accepted. */
  refusedConnections = 0;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.limits = options.limits;
    this.#aliases = new ReusedConnections(options);
  }

  receiver(): MessageReceiver {
    return this.#options.receiver();
  }

  counts(): {
    connections: number;
    secure: number;
    pending: number;
    accepted: number;
    addresses: number;
    outgoing: number;
  } {
    let pending = 0;
    let secure = 0;
    for (const connection of this.#open) {
      if (connection.state !== "open") pending++;
      if (connection.isSecure) secure++;
    }
    const outgoing = this.#open.size - this.#accepted;
    const addresses = this.#acceptedByAddress.size;
    return { connections: this.#open.size, secure, pending, accepted: this.#accepted, addresses, outgoing };
  }

  /** The connection for this target: the one there is, or a new one. A failure: there may be no more. */
  connectionTo(
    target: StreamTarget,
    transportInterface: TransportInterface,
    connectTimeoutMs: number,
  ): StreamConnection | SendFailure {
    const remoteKey = aliasKey(target, target.port);
    const key = `${remoteKey}|${target.serverName ?? ""}`;
    const found =
      this.#outgoing.get(key) ?? this.#aliases.find(remoteKey, target.serverName ?? target.address);
    if (found !== undefined) return found;
    if (this.#open.size - this.#accepted >= this.limits.maximumOutgoingConnections) {
      return { code: "too-many-connections", text: "the limit of outgoing connections is reached" };
    }
    const socket = this.#connect(target, transportInterface);
    if ("code" in socket) return socket;
    const { codePoint = 0 } = transportInterface;
    if (codePoint > 0) socket.once("connect", () => markStream(socket, codePoint));
    const connection = new StreamConnection({
      owner: this,
      socket,
      id: this.#nextId(target.protocol),
      interfaceName: target.interfaceName,
      connection: target.connection,
      protocol: target.protocol,
      isOutgoing: true,
      mayBeReused: false,
      localAddress: transportInterface.localAddress,
      remoteAddress: target.address,
      remotePort: target.port,
      connectTimeoutMs,
    });
    connection.poolKey = key;
    this.#outgoing.set(key, connection);
    this.#keep(connection);
    return connection;
  }

  #connect(target: StreamTarget, transportInterface: TransportInterface): Socket | SendFailure {
    if (isIP(target.address) === 0 || !(target.port >= 1 && target.port <= 65535)) {
      return { code: "invalid-target", text: `${target.address} port ${target.port} is not an address` };
    }
    if (isIP(target.address) !== isIP(transportInterface.localAddress)) {
      return {
        code: "address-family-mismatch",
        text: `${target.address} cannot be reached from ${transportInterface.localAddress}`,
      };
    }
    const options = {
      host: target.address,
      port: target.port,
      localAddress: transportInterface.localAddress,
    };
    if (target.protocol === "TCP") return connectTcp(options);
    const contexts = this.#options.tls();
    if (contexts === undefined) return { code: "protocol-not-served", text: "TLS is not configured" };
    const identity = target.serverName ?? target.address;
    return connectTls({
      ...options,
      secureContext: contexts.client,
      rejectUnauthorized: contexts.verifyPeers,
      checkServerIdentity: (_host, certificate) => checkPeerIdentity(identity, certificate),
      // An address is no server name (RFC 6066 §3).
      ...(isIP(identity) === 0 ? { servername: identity } : {}),
    });
  }

  /** Keeps a connection that a peer opened, or closes it without a byte. */
  accept(socket: Socket, transportInterface: TransportInterface, protocol: "TCP" | "TLS"): void {
    // What goes wrong with a socket that is not kept has nobody to tell.
    socket.on("error", ignore);
    const address = socket.remoteAddress;
    // Reset by the peer before we looked.
    if (address === undefined) return void socket.destroy();
    if (!this.#mayKeep(address, transportInterface.name, protocol)) {
      this.refusedConnections++;
      return void socket.destroy();
    }
    const connection = new StreamConnection({
      owner: this,
      socket: protocol === "TLS" ? this.#secure(socket) : socket,
      id: this.#nextId(protocol),
      interfaceName: transportInterface.name,
      connection: this.receiver().connectionOf?.(address, transportInterface.name),
      protocol,
      isOutgoing: false,
      mayBeReused: protocol === "TLS" || transportInterface.tcpConnectionReuse === true,
      localAddress: transportInterface.localAddress,
      remoteAddress: address,
      remotePort: socket.remotePort ?? 0,
      connectTimeoutMs: 0,
    });
    this.#accepted++;
    this.#silent.add(connection);
    this.#acceptedByAddress.set(address, (this.#acceptedByAddress.get(address) ?? 0) + 1);
    this.#keep(connection);
  }

  #mayKeep(address: string, interfaceName: string, protocol: "TCP" | "TLS"): boolean {
    const receiver = this.receiver();
    if (receiver.accept !== undefined && !receiver.accept(address, interfaceName, protocol)) return false;
    if (protocol === "TLS" && this.#options.tls() === undefined) return false;
    if ((this.#acceptedByAddress.get(address) ?? 0) >= this.limits.maximumAcceptedPerAddress) return false;
    return this.#accepted < this.limits.maximumAcceptedConnections || this.#makeRoom();
  }

  /** Whoever has said nothing yet gives way: strangers with many addresses must not keep others out. */
  #makeRoom(): boolean {
    for (const oldest of this.#silent) {
      oldest.close("gave-way");
      return true;
    }
    return false;
  }

  #secure(socket: Socket): TLSSocket {
    const contexts = this.#options.tls();
    return new TLSSocket(socket, {
      isServer: true,
      // Everybody is asked and nobody is refused here: whether a certificate is needed depends on the request.
      requestCert: true,
      rejectUnauthorized: false,
      ...(contexts?.first === undefined ? {} : { secureContext: contexts.first }),
      SNICallback: (serverName, callback) => callback(null, contexts?.forServerName(serverName)),
    });
  }

  #keep(connection: StreamConnection): void {
    this.#open.add(connection);
    this.#sockets.add(connection);
  }

  #nextId(protocol: "TCP" | "TLS"): string {
    this.#serial++;
    return `${protocol.toLowerCase()}:${this.#serial}`;
  }

  /** Looks for `alias` in requests of accepted connections. One alias per connection. */
  onMessage(connection: StreamConnection, text: string): void {
    this.#silent.delete(connection);
    if (!connection.mayBeReused || connection.poolKey !== undefined || text.startsWith("SIP/")) return;
    const via = findTopVia(text);
    if (via === undefined || !hasViaParameter(text, via, "alias")) return;
    const port = sentByPort(text, via, connection.protocol);
    const key = aliasKey(
      {
        interfaceName: connection.interfaceName,
        connection: connection.connection,
        protocol: connection.protocol,
        address: connection.remoteAddress,
      },
      port < 0 ? defaultPort(connection.protocol) : port,
    );
    connection.poolKey = key;
    this.#aliases.add(key, connection);
  }

  onClosed(connection: StreamConnection): void {
    this.#open.delete(connection);
    this.#silent.delete(connection);
    const { isOutgoing, poolKey } = connection;
    if (!isOutgoing) this.#forgetAccepted(connection.remoteAddress);
    if (poolKey === undefined) return;
    if (!isOutgoing) this.#aliases.delete(poolKey, connection);
    else if (this.#outgoing.get(poolKey) === connection) this.#outgoing.delete(poolKey);
  }

  #forgetAccepted(address: string): void {
    this.#accepted--;
    const remaining = (this.#acceptedByAddress.get(address) ?? 1) - 1;
    if (remaining > 0) this.#acceptedByAddress.set(address, remaining);
    else this.#acceptedByAddress.delete(address);
  }

  onSocketGone(connection: StreamConnection): void {
    this.#sockets.delete(connection);
    if (this.#sockets.size === 0) this.#whenEmpty?.();
  }

  /** Closes the connections of one interface. */
  closeInterface(interfaceName: string): void {
    for (const connection of this.#open) {
      if (connection.interfaceName === interfaceName) connection.close("transport-closed");
    }
  }

  /** Closes all connections; resolves when their sockets are gone. */
  async close(): Promise<void> {
    for (const connection of this.#open) connection.close("transport-closed");
    if (this.#sockets.size === 0) return;
    const empty = Promise.withResolvers<void>();
    this.#whenEmpty = empty.resolve;
    await empty.promise;
  }
}

function aliasKey(remote: Omit<StreamTarget, "port" | "serverName">, port: number): string {
  return `${remote.interfaceName}|${remote.connection ?? ""}|${remote.protocol}|${remote.address}|${port}`;
}

function ignore(): void {}
