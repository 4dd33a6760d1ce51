import type { Heard } from "./heard.ts";
import { isWhat, type What } from "./inbox.ts";
import type { Party } from "./party.ts";
import { type Changes, sdp, sipText } from "./sip-text.ts";
import type { Writing } from "./wire.ts";

export interface RequestChanges extends Changes {
  readonly uri?: string;
  readonly sequenceNumber?: number;
  readonly branch?: string;
  readonly toTag?: string;
  readonly fromTag?: string;
  readonly writing?: Writing;
}

export interface ResponseChanges extends Changes {
  /** Default: the leg's own; "": none. */
  readonly toTag?: string;
  readonly reasonPhrase?: string;
  /** Default: the request heard last. */
  readonly to?: Heard;
}

/** A request as it was sent. */
export interface Sent {
  readonly text: string;
  readonly branch: string;
  readonly sequenceNumber: number;
}

/** One dialog of a peer with the gateway, or the beginnings of one. Does nothing that the script does not say. */
export class Leg {
  readonly party: Party;
  readonly callId: string;
  localTag: string;
  remoteTag: string;
  /** Request-URI of what is sent in the dialog. */
  remoteTarget: string;
  sequenceNumber: number;
  /** The INVITE that opened it, as it was heard; of a caller: undefined. */
  readonly invite: Heard | undefined;
  readonly #localUri: string;
  readonly #remoteUri: string;
  #lastRequest: Heard | undefined;
  #lastInvite: Sent | undefined;

  private constructor(party: Party, callId: string, localUri: string, remoteUri: string, invite?: Heard) {
    this.party = party;
    this.callId = callId;
    this.#localUri = localUri;
    this.#remoteUri = remoteUri;
    this.invite = invite;
    this.localTag = party.token();
    this.remoteTag = invite?.fromTag ?? "";
    this.remoteTarget = invite?.contactUri ?? "";
    this.sequenceNumber = invite === undefined ? 0 : 100;
    this.#lastRequest = invite;
  }

  static ofCaller(party: Party, uri: string): Leg {
    const callId = `${party.token()}@${party.address}`;
    const leg = new Leg(party, callId, `"${party.name}" <${party.from}>`, `<${uri}>`);
    leg.remoteTarget = uri;
    return leg;
  }

  static ofCallee(party: Party, invite: Heard): Leg {
    const strip = (value: string): string => value.replace(/;tag=[^;]*/i, "");
    return new Leg(party, invite.callId, strip(invite.value("To")), strip(invite.value("From")), invite);
  }

  get offer(): string {
    return sdp(this.party.address, 40_000 + (this.party.port % 10_000) * 2);
  }

  /** The same stream again with another direction: hold and resume. */
  offerAgain(version: number, direction: string): string {
    return sdp(this.party.address, 40_000 + (this.party.port % 10_000) * 2, version, direction);
  }

  /** Text of a request of this leg, with the next CSeq; an INVITE has an offer unless the changes say otherwise. */
  request(method: string, changes: RequestChanges = {}): Sent {
    const sequenceNumber = changes.sequenceNumber ?? this.#nextSequenceNumber(method);
    const branch = changes.branch ?? `z9hG4bK${this.party.token()}`;
    const { party } = this;
    const toTag = changes.toTag ?? this.remoteTag;
    const hasContact = method === "INVITE" || method === "UPDATE";
    const text = sipText(
      `${method} ${changes.uri ?? this.remoteTarget} SIP/2.0`,
      [
        ["Via", party.via(branch)],
        ["Max-Forwards", "70"],
        ["From", withTag(this.#localUri, changes.fromTag ?? this.localTag)],
        ["To", withTag(this.#remoteUri, toTag)],
        ["Call-ID", this.callId],
        ["CSeq", `${sequenceNumber} ${method}`],
        ...(hasContact ? [["Contact", party.contact] as const] : []),
      ],
      method === "INVITE" ? { body: this.offer, ...changes } : changes,
    );
    const sent = { text, branch, sequenceNumber };
    if (method === "INVITE") this.#lastInvite = sent;
    return sent;
  }

  async send(method: string, changes: RequestChanges = {}): Promise<Sent> {
    const sent = this.request(method, changes);
    await this.party.send(sent.text, changes.writing);
    return sent;
  }

  /** The same bytes again. */
  async again(sent: Sent): Promise<void> {
    await this.party.send(sent.text);
  }

  /** ACK for a final response: a 2xx by a transaction of its own, others in that of the INVITE (RFC 3261 §17.1.1.3). */
  async ack(response: Heard, changes: RequestChanges = {}): Promise<Sent> {
    const isSuccess = response.statusCode < 300;
    return this.send("ACK", {
      sequenceNumber: response.sequenceNumber,
      toTag: response.toTag,
      ...(isSuccess ? {} : { branch: response.branch, uri: requestUriOf(this.#lastInvite) }),
      ...changes,
    });
  }

  /** CANCEL for the last INVITE (RFC 3261 §9.1). */
  async cancel(changes: RequestChanges = {}): Promise<Sent> {
    const invite = this.#lastInvite;
    return this.send("CANCEL", {
      uri: requestUriOf(invite),
      branch: invite?.branch ?? "",
      sequenceNumber: invite?.sequenceNumber ?? 0,
      toTag: /^To:.*;tag=(\S+)\r$/m.exec(invite?.text ?? "")?.[1] ?? "",
      ...changes,
    });
  }

  /** Text of a response to the request heard last. */
  response(statusCode: number, changes: ResponseChanges = {}): string {
    const request = changes.to ?? this.#lastRequest;
    if (request === undefined) throw new Error(`${this.party.name} has no request to answer`);
    const opensDialog = mayOpenDialog(request.method, statusCode);
    const toTag = changes.toTag ?? (statusCode === 100 ? "" : this.localTag);
    const to = request.value("To");
    const copies = (name: string) => request.values(name).map((value) => [name, value] as const);
    return sipText(
      `SIP/2.0 ${statusCode} ${changes.reasonPhrase ?? phrases[statusCode] ?? "Whatever"}`,
      [
        ...copies("Via"),
        ...(opensDialog ? copies("Record-Route") : []),
        ...copies("From"),
        ["To", request.toTag === "" ? withTag(to, toTag) : to],
        ...copies("Call-ID"),
        ...copies("CSeq"),
        ...(opensDialog ? [["Contact", this.party.contact] as const] : []),
      ],
      changes,
    );
  }

  /** Answers the request heard last. */
  respond(statusCode: number, changes: ResponseChanges = {}): string {
    const text = this.response(statusCode, changes);
    (changes.to ?? this.#lastRequest)?.reply(text);
    return text;
  }

  /** 200 with a session description: the answer to the INVITE heard last. */
  answer(changes: ResponseChanges = {}): string {
    return this.respond(200, { body: this.offer, ...changes });
  }

  /** Sends a response once more. */
  respondAgain(text: string): void {
    this.#lastRequest?.reply(text);
  }

  /** The next message of this leg, which must be `what`. */
  async expect(what: What): Promise<Heard> {
    const isOurs = (heard: Heard): boolean => heard.callId === this.callId;
    const heard = await this.party.inbox.expect(what, isOurs, this.party.name);
    this.#learn(heard);
    return heard;
  }

  /** All of these messages, in whatever order they come. */
  async expectAll(...whats: readonly What[]): Promise<readonly Heard[]> {
    const found: Heard[] = [];
    for (const what of whats) {
      const isIt = (heard: Heard): boolean => heard.callId === this.callId && isWhat(heard, what);
      const heard = await this.party.inbox.expect(what, isIt, this.party.name);
      this.#learn(heard);
      found.push(heard);
    }
    return found;
  }

  /** The INVITE is refused with this status code, and the refusal acknowledged. */
  async refused(statusCode: number): Promise<Heard> {
    const refusal = await this.expect(`${statusCode} INVITE`);
    await this.ack(refusal);
    return refusal;
  }

  /** The INVITE is answered, and the answer acknowledged. */
  async answered(): Promise<Heard> {
    const answer = await this.expect("200 INVITE");
    await this.ack(answer);
    return answer;
  }

  /** CANCEL, and all that follows from it for a caller. */
  async giveUp(changes: RequestChanges = {}): Promise<void> {
    await this.cancel(changes);
    const [, refusal] = await this.expectAll("200 CANCEL", "487 INVITE");
    if (refusal !== undefined) await this.ack(refusal);
  }

  /** A CANCEL comes: the INVITE ends with 487. */
  async takeCancel(): Promise<Heard> {
    const cancel = await this.expect("CANCEL");
    this.respond(200, { to: cancel });
    if (this.invite !== undefined) this.respond(487, { to: this.invite });
    await this.expect("ACK");
    return cancel;
  }

  /** BYE, and its 200. */
  async bye(changes: RequestChanges = {}): Promise<void> {
    await this.send("BYE", changes);
    await this.expect("200 BYE");
  }

  /** A BYE comes and gets its 200. */
  async takeBye(): Promise<Heard> {
    const bye = await this.expect("BYE");
    this.respond(200);
    return bye;
  }

  /** Nothing of this leg that is unread counts as unexpected any more. */
  ignoreRest(): void {
    this.party.inbox.drop((heard) => heard.callId === this.callId);
  }

  #learn(heard: Heard): void {
    if (heard.statusCode === 0) {
      if (heard.method !== "ACK") this.#lastRequest = heard;
      return;
    }
    if (!mayOpenDialog(heard.cseqMethod, heard.statusCode) || this.invite !== undefined) return;
    this.remoteTag = heard.toTag;
    if (heard.contactUri !== "") this.remoteTarget = heard.contactUri;
  }

  #nextSequenceNumber(method: string): number {
    if (method !== "ACK" && method !== "CANCEL") this.sequenceNumber += 1;
    return this.sequenceNumber;
  }
}

function mayOpenDialog(method: string, statusCode: number): boolean {
  return method === "INVITE" && statusCode > 100 && statusCode < 300;
}

function requestUriOf(invite: Sent | undefined): string {
  return invite?.text.split(" ", 2)[1] ?? "";
}

function withTag(uri: string, tag: string): string {
  return tag === "" ? uri : `${uri};tag=${tag}`;
}

const phrases: Readonly<Record<number, string>> = {
  100: "Trying",
  180: "Ringing",
  183: "Session Progress",
  200: "OK",
  302: "Moved Temporarily",
  404: "Not Found",
  486: "Busy Here",
  487: "Request Terminated",
  503: "Service Unavailable",
};
