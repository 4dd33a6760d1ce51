import type { Clock } from "@tandem/clock";
import type {
  SdpAnswer,
  SdpFault,
  SdpObjection,
  SdpOffer,
  SdpRelay,
  SdpRelayed,
  SdpSession,
  SessionJournal,
  SessionState,
  SessionStatistics,
} from "../sdp-relay.ts";

export interface SdpRelayDoubleOptions {
  readonly clock: Clock;
  /** Interface to the address in SDP. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** An SdpRelay without a network: it rewrites what it gets, answers a moment later, and keeps what it was asked. */
export class SdpRelayDouble implements SdpRelay {
  readonly sessions: SdpSessionDouble[] = [];
  /** `offer ingress`, `answer egress`, `delete`: with the number of the session before it. */
  readonly asked: string[] = [];
  /** Set: answers wait in `held` until a test lets them go. */
  isHolding = false;
  readonly held: (() => void)[] = [];
  /** Set: offers and answers fail so. */
  fault: { readonly kind: SdpFault; readonly text: string } | undefined = undefined;
  objection: SdpObjection | undefined = undefined;
  /** What queries and deletions tell. */
  statistics: SessionStatistics = new Map();
  state: "alive" | "gone" | "silent" = "alive";
  readonly options: SdpRelayDoubleOptions;

  constructor(options: SdpRelayDoubleOptions) {
    this.options = options;
  }

  get openSessions(): number {
    return this.sessions.filter(({ isDeleted }) => !isDeleted).length;
  }

  objectionTo(): SdpObjection | undefined {
    return this.objection;
  }

  addressOf(mediaInterface: string): string | undefined {
    return this.options.addresses[mediaInterface];
  }

  session(key: string): SdpSessionDouble {
    const session = new SdpSessionDouble(this, `${key}-${this.sessions.length}`, this.sessions.length);
    this.sessions.push(session);
    return session;
  }

  adopt({ relay, sessionId }: SessionJournal): SdpSessionDouble | undefined {
    return relay === "double" ? this.session(sessionId) : undefined;
  }

  answer(reply: () => void): void {
    if (this.isHolding) this.held.push(reply);
    else this.options.clock.schedule(0, reply, undefined);
  }

  /** Lets go what waits, in the order of asking. */
  release(): void {
    for (const reply of this.held.splice(0)) reply();
  }
}

/** Those that have one (RFC 3551 §6). */
const payloadTypes: Readonly<Record<string, string>> = {
  PCMU: "0",
  GSM: "3",
  G723: "4",
  PCMA: "8",
  G722: "9",
  G729: "18",
};

const protocols = { none: "RTP/AVP", sdes: "RTP/SAVP", dtls: "UDP/TLS/RTP/SAVPF" } as const;

export class SdpSessionDouble implements SdpSession {
  readonly relay = "double";
  readonly offers: SdpOffer[] = [];
  readonly answers: SdpAnswer[] = [];
  isDeleted = false;
  readonly #relay: SdpRelayDouble;
  readonly #sessionId: string;
  readonly #number: number;
  /** Profile that each side speaks. */
  readonly #protocols = new Map<string, string>();
  /** Payload type that a side is answered with, whose offer was transcoded. */
  readonly #transcoded = new Map<string, string>();

  constructor(relay: SdpRelayDouble, sessionId: string, number: number) {
    this.#relay = relay;
    this.#sessionId = sessionId;
    this.#number = number;
  }

  offer(offer: SdpOffer, done: (relayed: SdpRelayed) => void): void {
    this.offers.push(offer);
    this.#ask(`offer ${offer.from.tag}`);
    this.#protocols.set(offer.from.tag, protocolOf(offer.sdp));
    const { transcoding } = offer;
    this.#transcoded.clear();
    if (transcoding !== undefined) this.#transcoded.set(offer.from.tag, audioFormat(offer.sdp));
    const formats = transcoding?.to.map((name) => payloadTypes[name] ?? "96").join(" ");
    this.#relay.answer(() => done(this.#rewritten(offer, protocols[offer.to.protection], formats)));
  }

  answer(answer: SdpAnswer, done: (relayed: SdpRelayed) => void): void {
    this.answers.push(answer);
    this.#ask(`answer ${answer.from.tag}`);
    const protocol = this.#protocols.get(answer.to.tag) ?? "RTP/AVP";
    const format = this.#transcoded.get(answer.to.tag);
    this.#relay.answer(() => done(this.#rewritten(answer, protocol, format)));
  }

  query(done: (state: SessionState) => void): void {
    this.#ask("query");
    const { state: kind, statistics } = this.#relay;
    this.#relay.answer(() => done(kind === "alive" ? { kind, statistics } : { kind }));
  }

  toJournal(): SessionJournal {
    return { relay: "double", sessionId: this.#sessionId, tag: this.offers[0]?.from.tag ?? "" };
  }

  delete(done: (statistics: SessionStatistics | undefined) => void): void {
    this.isDeleted = true;
    this.#ask("delete");
    const { state, statistics } = this.#relay;
    this.#relay.answer(() => done(state === "alive" ? statistics : undefined));
  }

  #ask(what: string): void {
    this.#relay.asked.push(`${this.#number} ${what}`);
  }

  /** @param formats of the audio in place of its own; undefined: its own */
  #rewritten({ sdp, to }: SdpOffer, protocol: string, formats: string | undefined): SdpRelayed {
    const { fault } = this.#relay;
    if (fault !== undefined) return { ok: false, ...fault };
    const address = this.#relay.addressOf(to.mediaInterface);
    const plain = sdp
      .replace(/^a=(crypto|fingerprint|setup|candidate|ice).*\r\n/gm, "")
      .replace(/^c=.*$/m, `c=IN IP4 ${address}`)
      .replace(
        /^(m=\S+) (\d+) \S+/gm,
        (_line, media: string, port: string) =>
          `${media} ${port === "0" ? 0 : 30_000 + this.#number * 10} ${protocol}`,
      );
    const text = formats === undefined ? plain : plain.replace(/^(m=audio \S+ \S+) .*/gm, `$1 ${formats}`);
    return { ok: true, sdp: `${text}${this.#keys(protocol)}` };
  }

  #keys(protocol: string): string {
    if (protocol.startsWith("UDP/TLS")) return "a=fingerprint:sha-256 AA:BB\r\n";
    const key = String.fromCharCode(65 + this.#number).repeat(40);
    return protocol.includes("SAVP") ? `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}\r\n` : "";
  }
}

function protocolOf(sdp: string): string {
  return /^m=\S+ \d+ (\S+)/m.exec(sdp)?.[1] ?? "RTP/AVP";
}

/** The first of the audio. */
function audioFormat(sdp: string): string {
  return /^m=audio \S+ \S+ (\S+)/m.exec(sdp)?.[1] ?? "";
}
