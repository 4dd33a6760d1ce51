import type { SipSyntaxError } from "../message/index.ts";
import type { Flow, TransportProtocol } from "./flow.ts";

/** The layer above: gets every message that arrives. */
export interface MessageReceiver {
  /** One message, latin1, one character per byte. Over UDP: the datagram as it came. */
  onMessage(text: string, flow: Flow): void;
  /** A connection that was open is gone. `why` is kebab-case: closed-by-peer, idle, no-pong, slow-reader, ... */
  onFlowClosed?(flow: Flow, why: string): void;
  /**
   * A stream that is not SIP or beyond a limit; the connection is closed right after, what is sent within this call
   * still goes out. `headerText` is the header of the message at fault when it was complete: enough to answer a request.
   */
  onGarbage?(flow: Flow, error: SipSyntaxError, headerText: string | undefined): void;
  /**
   * Whether bytes may be taken from this address. Asked for every datagram before it is read and for every
   * TCP and TLS connection before it is kept: false closes it without a byte. Left out: everybody is welcome.
   */
  accept?(address: string, interfaceName: string, protocol: TransportProtocol): boolean;
  /** TX sid of the private line that this address arrives on. Left out or undefined: the public network. */
  connectionOf?(address: string, interfaceName: string): string | undefined;
}

/** In place of a receiver until there is one: takes nothing. */
export const deafReceiver: MessageReceiver = { onMessage: () => {}, accept: () => false };
