import { audio } from "./bodies.ts";
import { maybe, receiveResponse, type Step, send, sendReliably } from "./script.ts";

export interface CallerOptions {
  readonly requestUri: string;
  /** Number, or whole user part. */
  readonly from: string;
  readonly displayName?: string;
}

export interface RequestOptions {
  readonly sequenceNumber?: number;
  /** Further header fields, one a line. */
  readonly headerFields?: readonly string[];
  /** Session description; an empty text: none. */
  readonly body?: string;
  readonly maxForwards?: number;
}

/** The lines of a SIPp peer that places a call. */
export class Caller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  invite(options: RequestOptions = {}): Step {
    return sendReliably(
      this.#request("INVITE", this.#options.requestUri, false, { body: audio(), ...options }),
    );
  }

  /** INVITE inside the dialog. */
  reinvite(sequenceNumber: number, body: string): Step {
    return sendReliably(this.#request("INVITE", "[next_url]", true, { sequenceNumber, body }));
  }

  /** ACK of a 2xx: a transaction of its own (RFC 3261 §13.2.2.4). */
  ack(sequenceNumber = 1, body = ""): Step {
    return send(this.#request("ACK", "[next_url]", true, { sequenceNumber, body }));
  }

  /** ACK of a final response that is no 2xx to an INVITE inside the dialog. */
  ackReinviteFailure(sequenceNumber: number): Step {
    return send(this.#request("ACK", "[next_url]", true, { sequenceNumber }, `INVITE${sequenceNumber}`));
  }

  /** ACK of a final response that is no 2xx: belongs to the INVITE's transaction (RFC 3261 §17.1.1.3). */
  ackFailure(sequenceNumber = 1): Step {
    return send(
      this.#request("ACK", this.#options.requestUri, true, { sequenceNumber }, `INVITE${sequenceNumber}`),
    );
  }

  cancel(sequenceNumber = 1): Step {
    return sendReliably(
      this.#request("CANCEL", this.#options.requestUri, false, { sequenceNumber }, `INVITE${sequenceNumber}`),
    );
  }

  refer(sequenceNumber: number, referTo: string): Step {
    const headerFields = [`Refer-To: ${referTo}`];
    return sendReliably(this.#request("REFER", "[next_url]", true, { sequenceNumber, headerFields }));
  }

  bye(sequenceNumber = 2): Step {
    return sendReliably(this.#request("BYE", "[next_url]", true, { sequenceNumber }));
  }

  /** 200 to a request inside the dialog. */
  ok(body = ""): Step {
    const message = `SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:customer@[local_ip]:[local_port];transport=[transport]>
${content(body)}`;
    return body === "" ? send(message) : sendReliably(message);
  }

  refuse(statusCode: number, reasonPhrase: string): Step {
    return sendReliably(`SIP/2.0 ${statusCode} ${reasonPhrase}
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0`);
  }

  /** INVITE, answer, ACK. */
  establish(options: RequestOptions = {}): readonly Step[] {
    return [
      this.invite(options),
      maybe(100),
      maybe(180),
      maybe(183),
      receiveResponse(200, { keepsRoute: true }),
      this.ack(options.sequenceNumber ?? 1),
    ];
  }

  hangUp(sequenceNumber = 2): readonly Step[] {
    return [this.bye(sequenceNumber), receiveResponse(200)];
  }

  /** The call is refused. */
  refused(statusCode: number, options: RequestOptions = {}): readonly Step[] {
    return [
      this.invite(options),
      maybe(100),
      maybe(180),
      maybe(183),
      receiveResponse(statusCode),
      this.ackFailure(options.sequenceNumber ?? 1),
    ];
  }

  #request(
    method: string,
    uri: string,
    isInDialog: boolean,
    options: RequestOptions,
    branch = `${method}${options.sequenceNumber ?? 1}`,
  ): string {
    const { from, displayName, requestUri } = this.#options;
    const { sequenceNumber = 1, headerFields = [], body = "", maxForwards = 70 } = options;
    const name = displayName === undefined ? "" : `"${displayName}" `;
    const routes = isInDialog && uri === "[next_url]" ? "\n[routes]" : "";
    return `${method} ${uri} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]c[call_number]${branch}${routes}
From: ${name}<sip:${from}@[local_ip]>;tag=[pid]c[call_number]
To: <${requestUri}>${isInDialog ? "[peer_tag_param]" : ""}
Call-ID: [call_id]
CSeq: ${sequenceNumber} ${method}
Contact: <sip:customer@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: ${maxForwards}
${headerFields.map((field) => `${field}\n`).join("")}${content(body)}`;
  }
}

/** Content header fields and the body; nothing but its length when there is none. */
export function content(body: string): string {
  if (body === "") return "Content-Length: 0";
  return `Content-Type: application/sdp\nContent-Length: [len]\n\n${body.trimEnd()}`;
}
