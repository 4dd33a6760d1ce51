import { answerChallenge, type Challenge, chooseChallenge } from "@tandem/sip/digest";
import { OutgoingRequest, type SipResponse } from "@tandem/sip/message";
import type { Target } from "@tandem/sip/transport";
import {
  allowedMethods,
  type DigestIdentity,
  newCallId,
  newTag,
  type UserAgent,
} from "@tandem/sip/user-agent";
import type { EgressInvite } from "./call-plan.ts";
import { minSeIn, sessionLimits } from "./session-interval.ts";

export interface InviteWriterOptions {
  readonly agent: UserAgent;
  readonly maxForwards: number;
  readonly maxBreadth: number;
  /** Value of Supported. */
  readonly supported: string;
  /** Session-Expires that is asked for (RFC 4028 §7.1), at least the callee's Min-SE. */
  readonly sessionIntervalSeconds: number;
  /** Of the body. */
  readonly contentType: string | undefined;
}

/**
 * Writes the INVITEs of one attempt. One that goes to the same target again keeps Call-ID and From tag and counts CSeq up
 * (RFC 3261 §8.1.3.5, §22.2); `startAnew` makes the next one a request of its own.
 */
export class InviteWriter {
  readonly #options: InviteWriterOptions;
  #callId = "";
  #fromTag = "";
  #sequenceNumber = 0;
  #challenge: { readonly challenge: Challenge; readonly isProxy: boolean } | undefined;
  #credentials: DigestIdentity | undefined;
  /** How often the nonce was used (RFC 7616 §3.4): a second use with the same count is a replay. */
  #nonceCount = 0;
  /** Min-SE of a 422, in seconds. */
  #minSe: number | undefined;
  /** The offer; "": none. */
  body = "";
  /** Of a body that is more than a session description. */
  contentType: string | undefined;

  constructor(options: InviteWriterOptions) {
    this.#options = options;
  }

  /** "" before the first INVITE. */
  get callId(): string {
    return this.#callId;
  }

  /** The next INVITE is a request of its own, and none of before that is made good. */
  get isAnew(): boolean {
    return this.#sequenceNumber === 0;
  }

  /** The next INVITE goes to another address. */
  startAnew(): void {
    this.#sequenceNumber = 0;
  }

  /** The next INVITE goes to another user agent: what this one asked for is forgotten. */
  forget(): void {
    this.startAnew();
    this.#challenge = undefined;
    this.#credentials = undefined;
    this.#minSe = undefined;
  }

  /** Takes a 401 or 407; false when it can't be answered, or an earlier one was. */
  answer(response: SipResponse, credentials: DigestIdentity | undefined): boolean {
    if (credentials === undefined || this.#challenge !== undefined) return false;
    const isProxy = response.statusCode === 407;
    const challenge = chooseChallenge(response.values(isProxy ? "Proxy-Authenticate" : "WWW-Authenticate"));
    if (challenge === undefined) return false;
    this.#challenge = { challenge, isProxy };
    this.#credentials = credentials;
    this.#nonceCount = 0;
    return true;
  }

  /** Takes a 422 (RFC 4028 §6); false when it names no interval, or an earlier one did. */
  raiseMinSe(response: SipResponse): boolean {
    const minSe = minSeIn(response);
    if (this.#minSe !== undefined || minSe === undefined || minSe > sessionLimits.longestSeconds)
      return false;
    this.#minSe = minSe;
    return true;
  }

  /** @param compose gets the identity of the request: one over the backbone signs it */
  write(
    compose: (identity: { readonly callId: string; readonly fromTag: string }) => EgressInvite,
    target: Target,
  ): OutgoingRequest {
    const { agent, maxForwards, maxBreadth, supported, contentType } = this.#options;
    if (this.#sequenceNumber === 0) {
      this.#callId = newCallId();
      this.#fromTag = newTag();
    }
    this.#sequenceNumber += 1;
    const invite = compose({ callId: this.#callId, fromTag: this.#fromTag });
    const request = new OutgoingRequest("INVITE", invite.requestUri);
    const fields = request.headerFields;
    fields.append("Max-Forwards", String(maxForwards));
    fields.append("Max-Breadth", String(maxBreadth));
    fields.append("From", `${invite.from};tag=${this.#fromTag}`);
    fields.append("To", invite.to);
    fields.append("Call-ID", this.#callId);
    fields.append("CSeq", `${this.#sequenceNumber} INVITE`);
    fields.append("Contact", agent.contact(target.interfaceName, target.protocol));
    fields.append("Allow", allowedMethods);
    fields.append("Supported", supported);
    fields.append("User-Agent", agent.productName);
    this.#authorize(request);
    const interval = Math.max(this.#options.sessionIntervalSeconds, this.#minSe ?? 0);
    fields.append("Session-Expires", String(interval));
    if (this.#minSe !== undefined) fields.append("Min-SE", String(this.#minSe));
    fields.appendAll(invite.headerFields);
    if (this.body !== "") {
      fields.append("Content-Type", this.contentType ?? contentType ?? "application/sdp");
      request.body = this.body;
    }
    return request;
  }

  #authorize(request: OutgoingRequest): void {
    if (this.#challenge === undefined || this.#credentials === undefined) return;
    const { challenge, isProxy } = this.#challenge;
    this.#nonceCount += 1;
    request.headerFields.append(
      isProxy ? "Proxy-Authorization" : "Authorization",
      answerChallenge(challenge, this.#credentials, "INVITE", request.requestUri, {
        nonceCount: this.#nonceCount,
        cnonce: newTag(),
        body: this.body,
      }),
    );
  }
}
