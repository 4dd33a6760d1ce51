import { randomBytes } from "node:crypto";
import { delay } from "../../harness/wait.ts";
import { Heard } from "./heard.ts";
import { Inbox, type What } from "./inbox.ts";
import type { Ladder } from "./ladder.ts";
import { Leg } from "./leg.ts";
import { type Endpoint, type Protocol, Wire, type Writing } from "./wire.ts";

export interface PartyOptions {
  readonly name: string;
  readonly protocol: Protocol;
  readonly local: Endpoint;
  readonly gateway: Endpoint;
  readonly certificate: { readonly key: string; readonly cert: string };
  readonly listens: boolean;
  readonly ladder: Ladder;
  /** How long it waits for a message that must come. */
  readonly limitMs: number;
  /** Request-URI of its calls. */
  readonly dials: string;
  /** URI in the From of its calls. */
  readonly from: string;
}

/** One peer of the gateway: says what the script says, keeps what it hears. */
export class Party {
  readonly name: string;
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  readonly inbox: Inbox;
  readonly ladder: Ladder;
  readonly dials: string;
  readonly from: string;
  wire!: Wire;
  /** Keep-alives and answers to them that came on streams. */
  pongs = 0;
  /** Connections that have ended. */
  closings = 0;
  readonly legs: Leg[] = [];

  private constructor(options: PartyOptions) {
    this.name = options.name;
    this.protocol = options.protocol;
    this.address = options.local.address;
    this.port = options.local.port;
    this.inbox = new Inbox(options.limitMs);
    this.ladder = options.ladder;
    this.dials = options.dials;
    this.from = options.from;
  }

  static async open(options: PartyOptions): Promise<Party> {
    const party = new Party(options);
    const { protocol, local, gateway, certificate, listens } = options;
    party.wire = await Wire.open({
      protocol,
      local,
      gateway,
      certificate,
      listens,
      onMessage: (text, reply) => party.#hear(text, reply),
      onClosed: () => party.#noteClosing(),
    });
    return party;
  }

  /** `<sip:…>` where it wants requests. */
  get contact(): string {
    const transport = this.protocol === "UDP" ? "" : `;transport=${this.protocol.toLowerCase()}`;
    return `<sip:${this.name}@${this.address}:${this.port}${transport}>`;
  }

  /** `SIP/2.0/UDP 127.0.0.1:5060;branch=…;rport` */
  via(branch: string): string {
    return `SIP/2.0/${this.protocol} ${this.address}:${this.port};branch=${branch};rport`;
  }

  /** A call of its own, of which nothing is sent yet. */
  dial(uri: string = this.dials): Leg {
    const leg = Leg.ofCaller(this, uri);
    this.legs.push(leg);
    return leg;
  }

  /** The next call that comes in. */
  async incoming(): Promise<Leg> {
    const leg = Leg.ofCallee(this, await this.expect("INVITE"));
    this.legs.push(leg);
    return leg;
  }

  /** The next message that belongs to no leg of this peer. */
  expect(what: What): Promise<Heard> {
    const isNew = (heard: Heard): boolean => this.legs.every((leg) => leg.callId !== heard.callId);
    return this.inbox.expect(what, isNew, this.name);
  }

  async send(text: string, writing: Writing = {}): Promise<void> {
    this.ladder.sent(this.name, text);
    await this.wire.send(text, writing);
  }

  /** Waits until this message has come so many times in all. */
  async repeated(heard: Heard, times = 2): Promise<void> {
    const isSo = (): boolean => this.inbox.times(heard) >= times;
    await this.inbox.until(isSo, `${this.name} waited in vain for ${heard.what} to come ${times} times`);
  }

  /** Hears nothing new for so long. */
  async silence(forMs: number): Promise<void> {
    await delay(forMs);
    const [first] = this.inbox.unread;
    if (first !== undefined) throw new Error(`${this.name} expected silence and heard ${first.what}`);
  }

  /** Waits until the gateway has closed a connection of ours. */
  async closed(times = 1): Promise<void> {
    await this.inbox.until(() => this.closings >= times, `${this.name}: the connection stays open`);
  }

  token(): string {
    return randomBytes(6).toString("hex");
  }

  #hear(text: string, reply: (text: string) => void): void {
    if (text === "\r\n") {
      this.pongs += 1;
      this.ladder.heard(this.name, "CRLF");
      this.inbox.wake();
      return;
    }
    const { ladder, name } = this;
    const heard = new Heard(text, (answer) => {
      ladder.sent(name, answer);
      reply(answer);
    });
    const isNew = this.inbox.add(heard);
    ladder.heard(name, text, isNew ? "" : " (again)");
  }

  #noteClosing(): void {
    this.closings += 1;
    this.ladder.note(`${this.name.padEnd(10)} a connection is closed`);
    this.inbox.wake();
  }
}
