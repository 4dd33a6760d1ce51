/** What a lab agent does inside its host for the scenario outside. Everything here passes as JSON. */

export interface CallView {
  readonly state: "setup" | "answered" | "refused" | "ended";
  /** 0 while nothing final came. */
  readonly statusCode: number;
  readonly reasonPhrase: string;
  /** SIP Call-ID of the phone's leg. */
  readonly callId: string;
  readonly finalAfterMs: number | null;
  readonly requestUri: string | null;
  readonly heardToneHz: number | null;
  readonly sentPackets: number;
  readonly receivedPackets: number;
  readonly lostPackets: number;
  /** Source of the last RTP packet, `address:port`. */
  readonly receivedFrom: string | null;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Operations {
  fetch(parameters: {
    readonly url: string;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
  }): Promise<{ readonly status: number; readonly text: string }>;
  /** A phone on one of the host's addresses; known as `address:port` from then on. */
  openPhone(
    parameters: Endpoint & {
      readonly toneHz: number;
      readonly refuseWith?: number;
      readonly dropEvery?: number;
    },
  ): Promise<void>;
  closePhone(parameters: { readonly phone: string }): Promise<void>;
  /** Places a call and returns its number among the calls that this phone placed. */
  call(parameters: {
    readonly phone: string;
    readonly requestUri: string;
    readonly from: string;
    readonly to: Endpoint;
    readonly credentials?: { readonly username: string; readonly password: string };
  }): Promise<number>;
  /** Every call of the phone, in order: those it placed, or those that came in. */
  calls(parameters: { readonly phone: string; readonly which: "placed" | "received" }): Promise<CallView[]>;
  hangUp(parameters: {
    readonly phone: string;
    readonly which: "placed" | "received";
    readonly number: number;
  }): Promise<void>;
  /** Begins or ceases to send RTP in every call of the phone that is up. Sequence numbers go on where they were. */
  speak(parameters: { readonly phone: string; readonly isSpeaking: boolean }): Promise<void>;
  /** One UDP datagram from an address of the host, its own or one lent to it. */
  sendDatagram(parameters: {
    readonly from: Endpoint;
    readonly to: Endpoint;
    readonly text: string;
    /** What comes back within this time is returned. */
    readonly waitMs: number;
  }): Promise<string[]>;
  /** Connects, sends, and gives the first piece of what comes back. */
  sendOverTcp(parameters: { readonly to: Endpoint; readonly text: string }): Promise<string>;
}

export type OperationName = keyof Operations;

export interface AgentRequest {
  readonly id: number;
  readonly operation: OperationName;
  readonly parameters: unknown;
}

export interface AgentReply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
