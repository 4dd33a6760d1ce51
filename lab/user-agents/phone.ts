import type { Clock } from "@tandem/clock";
import { type G711Encoding, RtpEndpoint } from "@tandem/media/testing";
import { parseSdp, remoteOf } from "@tandem/sdp";
import { answerChallenge, chooseChallenge } from "@tandem/sip/digest";
import { Locator, type Resolver } from "@tandem/sip/locate";
import {
  HeaderFields,
  OutgoingRequest,
  parseMessage,
  type SipRequest,
  type SipResponse,
} from "@tandem/sip/message";
import { defaultTransactionTimers, type ServerTransaction } from "@tandem/sip/transaction";
import { type Target, TransportLayer } from "@tandem/sip/transport";
import {
  InviteUac,
  type InviteUacUser,
  type InviteUas,
  type InviteUsage,
  type InviteUsageUser,
  newCallId,
  newTag,
  UserAgent,
  type UserAgentCore,
} from "@tandem/sip/user-agent";

export interface PhoneOptions {
  readonly clock: Clock;
  readonly address: string;
  readonly port: number;
  /** Tone that this phone speaks. */
  readonly toneHz: number;
  /** The one codec that it speaks; default PCMU. */
  readonly encoding?: G711Encoding;
  /** Every packet of that number in a row is lost on its way; 1: all are. */
  readonly dropEvery?: number;
  /** How it treats an incoming call; default: ring, then answer. */
  readonly answer?: "answer" | { readonly statusCode: number };
}

export interface OutgoingCall {
  readonly requestUri: string;
  readonly from: string;
  /** Where the request is sent, whatever the Request-URI says: the termination names of a trial are in no DNS. */
  readonly to: { readonly address: string; readonly port: number };
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** A call as this phone sees it. */
export interface PhoneCall {
  /** 0 while nothing final came. */
  statusCode: number;
  reasonPhrase: string;
  response: SipResponse | undefined;
  request: SipRequest | undefined;
  state: "setup" | "answered" | "refused" | "ended";
  /** SIP Call-ID of this phone's leg. */
  readonly callId: string;
  /** From the first INVITE to the final response; undefined until then, and for calls that came in. */
  readonly finalAfterMs: number | undefined;
  readonly audio: RtpEndpoint;
  hangUp(): void;
}

const nothing = async (): Promise<{ ok: false; code: "NXDOMAIN"; ttlSeconds: number }> => ({
  ok: false,
  code: "NXDOMAIN",
  ttlSeconds: 60,
});
const noDns: Resolver = { naptr: nothing, srv: nothing, a: nothing, aaaa: nothing };

/** A SIP telephone on one address: places and answers calls with a tone of its own, and hears which tone comes back. */
export class Phone implements UserAgentCore {
  /** Calls that came in, in order. */
  readonly received: PhoneCall[] = [];
  readonly #options: PhoneOptions;
  readonly #transport: TransportLayer;
  readonly #agent: UserAgent;
  readonly #audio: RtpEndpoint[] = [];

  constructor(options: PhoneOptions) {
    this.#options = options;
    const { clock, address, port } = options;
    this.#transport = new TransportLayer({
      clock,
      interfaces: [{ name: "phone", localAddress: address, advertisedAddress: address, udpPort: port }],
    });
    this.#agent = new UserAgent({
      clock,
      sink: this.#transport,
      locator: new Locator({
        clock,
        resolver: noDns,
        random: Math.random,
        cacheLimit: 10,
        protocols: ["UDP"],
      }),
      timers: defaultTransactionTimers,
      productName: "tandem-lab-phone",
    });
    this.#agent.setCore(this);
    this.#transport.setReceiver({
      onMessage: (text, flow) => {
        const message = parseMessage(text, "datagram");
        if (message.ok) this.#agent.receive(message.value, flow);
      },
    });
  }

  async open(): Promise<void> {
    await this.#transport.open();
  }

  async close(): Promise<void> {
    this.#agent.layer.close();
    await this.#transport.close();
    for (const audio of this.#audio) await audio.close();
  }

  /** Places a call; a challenge is answered once when there are credentials. */
  async call(wishes: OutgoingCall): Promise<PhoneCall> {
    const audio = await this.#newAudio();
    return new OutgoingPhoneCall(this.#options.clock, this.#agent, audio, wishes);
  }

  onInvite(invite: InviteUas): void {
    const { answer } = this.#options;
    if (typeof answer === "object") {
      invite.reject(answer.statusCode);
      return;
    }
    void this.#newAudio().then((audio) => {
      this.received.push(new IncomingPhoneCall(this.#options.clock, audio, invite));
    });
  }

  onOutOfDialogRequest(request: SipRequest, transaction: ServerTransaction): void {
    transaction.respond(
      this.#agent.response(request, transaction.flow, request.method === "OPTIONS" ? 200 : 405),
    );
  }

  async #newAudio(): Promise<RtpEndpoint> {
    const { clock, address, toneHz, encoding = "PCMU", dropEvery } = this.#options;
    const loss = dropEvery === undefined ? {} : { dropEvery };
    const audio = new RtpEndpoint({ clock, localAddress: address, toneHz, encoding, ...loss });
    await audio.open();
    this.#audio.push(audio);
    return audio;
  }
}

/** Answers requests inside the dialog as a plain telephone does. */
abstract class AnsweringUsage implements InviteUsageUser {
  state: PhoneCall["state"] = "setup";
  readonly audio: RtpEndpoint;
  protected usage: InviteUsage | undefined;

  constructor(audio: RtpEndpoint) {
    this.audio = audio;
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    const response = usage.agent.response(request, transaction.flow, request.method === "BYE" ? 200 : 405);
    transaction.respond(response);
    if (request.method === "BYE") this.end();
  }

  onAck(): void {}

  onNoAck(): void {
    this.hangUp();
  }

  hangUp(): void {
    this.usage?.bye();
    this.end();
  }

  protected end(): void {
    this.state = "ended";
    this.audio.stop();
    this.usage?.close();
  }

  protected hear(sdp: string): void {
    const description = parseSdp(sdp);
    const media = description.ok ? description.value.media[0] : undefined;
    const remote = media === undefined ? undefined : remoteOf(media);
    if (remote === undefined) return;
    this.audio.setRemote(remote.address, remote.port);
    this.audio.start();
  }
}

class OutgoingPhoneCall extends AnsweringUsage implements PhoneCall, InviteUacUser {
  statusCode = 0;
  reasonPhrase = "";
  response: SipResponse | undefined;
  readonly request = undefined;
  readonly callId = newCallId();
  finalAfterMs: number | undefined = undefined;
  readonly #clock: Clock;
  readonly #agent: UserAgent;
  readonly #wishes: OutgoingCall;
  readonly #placedAtMs: number;
  readonly #fromTag = newTag();
  #sequenceNumber = 0;
  #hasAnsweredChallenge = false;

  constructor(clock: Clock, agent: UserAgent, audio: RtpEndpoint, wishes: OutgoingCall) {
    super(audio);
    this.#clock = clock;
    this.#placedAtMs = clock.monotonicMs();
    this.#agent = agent;
    this.#wishes = wishes;
    this.#send(undefined);
  }

  onProvisional(): void {}

  onAnswer(response: SipResponse, usage: InviteUsage): void {
    this.#final(response);
    this.state = "answered";
    this.usage = usage;
    usage.acknowledge(response.cseqNumber);
    this.hear(response.body);
  }

  onRejected(response: SipResponse): void {
    const challenge = chooseChallenge(response.values("Proxy-Authenticate"));
    const { credentials, requestUri } = this.#wishes;
    if (
      response.statusCode === 407 &&
      challenge !== undefined &&
      credentials !== undefined &&
      !this.#hasAnsweredChallenge
    ) {
      this.#hasAnsweredChallenge = true;
      const options = { nonceCount: 1, cnonce: newTag() };
      this.#send(answerChallenge(challenge, credentials, "INVITE", requestUri, options));
      return;
    }
    this.#final(response);
    this.state = "refused";
  }

  onFailed(_kind: string, text: string): void {
    this.#isFinal();
    this.reasonPhrase = text;
    this.state = "refused";
  }

  #isFinal(): void {
    this.finalAfterMs = this.#clock.monotonicMs() - this.#placedAtMs;
  }

  #final(response: SipResponse): void {
    this.#isFinal();
    this.response = response;
    this.statusCode = response.statusCode;
    this.reasonPhrase = response.reasonPhrase;
  }

  #send(authorization: string | undefined): void {
    const { requestUri, from, to } = this.#wishes;
    this.#sequenceNumber += 1;
    const fields = new HeaderFields()
      .append("From", `<${from}>;tag=${this.#fromTag}`)
      .append("To", `<${requestUri}>`)
      .append("Call-ID", this.callId)
      .append("CSeq", `${this.#sequenceNumber} INVITE`)
      .append("Contact", this.#agent.contact("phone", "UDP"))
      .append("Content-Type", "application/sdp");
    if (authorization !== undefined) fields.append("Proxy-Authorization", authorization);
    const request = new OutgoingRequest("INVITE", requestUri, fields, this.audio.describe());
    const target: Target = { interfaceName: "phone", connection: undefined, protocol: "UDP", ...to };
    new InviteUac(this.#agent, request, target, this, this).send();
  }
}

class IncomingPhoneCall extends AnsweringUsage implements PhoneCall {
  readonly callId: string;
  statusCode = 0;
  reasonPhrase = "";
  readonly response = undefined;
  readonly finalAfterMs = undefined;
  readonly request: SipRequest;
  readonly #invite: InviteUas;

  constructor(clock: Clock, audio: RtpEndpoint, invite: InviteUas) {
    super(audio);
    this.#invite = invite;
    this.request = invite.request;
    this.callId = invite.request.callId;
    const tag = newTag();
    invite.setUser({ onCancelled: () => this.end(), onNoPrack: () => this.end() });
    invite.provisional(180, tag);
    clock.schedule(100, () => this.#answer(tag), undefined);
  }

  #answer(tag: string): void {
    if (this.state !== "setup") return;
    const usage = this.#invite.accept(tag, this);
    if (usage === undefined || !this.#invite.answer(usage, { body: this.audio.describe() })) return;
    this.usage = usage;
    this.state = "answered";
    this.statusCode = 200;
  }

  /** Speaks from the ACK on: who speaks before it speaks to nobody who is ready to listen. */
  override onAck(): void {
    this.hear(this.request.body);
  }
}
