import type { Flow, TransportProtocol } from "./flow.ts";
import type { SendFailure, Target } from "./target.ts";

/** What the transaction layer needs of the transport layer. The TransportLayer fits; so do doubles in tests. */
export interface MessageSink {
  /** Advertised address (an IPv6 one in []) and bound port: the sent-by of a Via. */
  sentBy(
    interfaceName: string,
    protocol: TransportProtocol,
  ): { readonly host: string; readonly port: number };
  /**
   * Sends a request. TCP and TLS: reuses or opens a connection.
   * onFailure is called at most once, asynchronously, if the message certainly could not be sent.
   * The flow is undefined when nothing was sent; onFailure tells why.
   */
  sendTo(target: Target, text: string, onFailure: (failure: SendFailure) => void): Flow | undefined;
  /**
   * Sends a message on the path on which another came.
   * A closed connection: a response goes on a new connection to the sent-by of its top Via (RFC 3261 §18.2.2).
   */
  sendOn(flow: Flow, text: string, onFailure: (failure: SendFailure) => void): void;
}
