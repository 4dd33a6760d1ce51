import { SystemClock } from "@tandem/clock";
import { RelayDouble } from "@tandem/media/testing";
import type { DnsAnswer } from "@tandem/sip/locate";
import type { Flow, MessageReceiver } from "@tandem/sip/transport";
import { Gateway } from "../gateway.ts";
import type { GatewayTransport } from "../gateway-options.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { addresses, exampleSnapshot, trunkHost } from "./example-snapshot.ts";
import { configurationOf } from "./gateway-script.ts";

/** What the gateway did in all calls so far. */
export interface CallLoopCounts {
  calls: number;
  /** Each is one datagram, and so one system call. */
  sent: number;
  journalled: number;
  recorded: number;
}

/** A call that is up. */
export interface UpCall {
  readonly bye: string;
}

const { customer, carrier } = addresses;

/**
 * Calls through a whole gateway without sockets and disk, for measurements: both sides answer at once, with texts such
 * as SIPp's. Real clock, real transactions: what a call leaves behind stays for its 32 s.
 */
export class CallLoop {
  readonly counts: CallLoopCounts = { calls: 0, sent: 0, journalled: 0, recorded: 0 };
  readonly #clock = new SystemClock();
  readonly #relay = new RelayDouble({ clock: this.#clock });
  readonly #customerFlow = flowTo("customers", customer);
  readonly #carrierFlow = flowTo("carriers", carrier);
  readonly #gateway: Gateway;
  #receiver: MessageReceiver | undefined;
  #sent: string[] = [];

  private constructor() {
    this.#gateway = new Gateway({
      configuration: configurationOf(),
      clock: this.#clock,
      resolver: { naptr: noName, srv: noName, a: noName, aaaa: noName },
      relay: this.#relay,
      ledger: this.#ledger(),
      tls: undefined,
      random: () => 0.5,
      onEvent: () => {},
      onFault: (error) => {
        throw error;
      },
      transport: this.#transport(),
    });
    this.#gateway.applySnapshot(exampleSnapshot());
  }

  static async start(): Promise<CallLoop> {
    const loop = new CallLoop();
    await loop.#gateway.open();
    return loop;
  }

  get liveCalls(): number {
    return this.#gateway.calls.size;
  }

  async stop(): Promise<void> {
    await this.#gateway.close();
    this.#clock.close();
  }

  /** INVITE, 180, 200, ACK, BYE, 200 on both sides. */
  call(): void {
    this.release(this.hold());
  }

  /** Everything up to the ACK. */
  hold(): UpCall {
    const number = this.counts.calls++;
    const from = `From: <sip:+12025550123@${customer}>;tag=4711c${number}`;
    const callId = `Call-ID: ${number}-4711@${customer}`;
    const via = (step: number): string =>
      `Via: SIP/2.0/UDP ${customer}:5060;branch=z9hG4bK-4711-${number}-${step}`;
    const to = `To: <sip:+14155550100@${trunkHost}>`;
    const contact = `Contact: <sip:customer@${customer}:5060>`;
    const [invite = ""] = this.#customer(
      `INVITE sip:+14155550100@${trunkHost} SIP/2.0`,
      [via(0), from, to, callId, "CSeq: 1 INVITE", contact, "Max-Forwards: 70", `X-Bench: ${number}`],
      sdp(customer, 6000),
    );
    const back = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) => rowOf(invite, name));
    const answered = back.map((row) => (row.startsWith("To: ") ? `${row};tag=99u${number}` : row));
    answered.push(`Contact: <sip:carrier@${carrier}:5060>`);
    this.#carrier("SIP/2.0 180 Ringing", answered);
    const answers = this.#carrier("SIP/2.0 200 OK", answered, sdp(carrier, 7000));
    const success = answers.find((text) => text.startsWith("SIP/2.0 200")) ?? "";
    const target = /<([^>]*)>/.exec(rowOf(success, "Contact"))?.[1] ?? "";
    const inDialog = (step: number, method: string, sequenceNumber: number): string =>
      message(`${method} ${target} SIP/2.0`, [
        via(step),
        from,
        rowOf(success, "To"),
        callId,
        `CSeq: ${sequenceNumber} ${method}`,
        "Max-Forwards: 70",
      ]);
    this.#inject(inDialog(5, "ACK", 1), this.#customerFlow);
    return { bye: inDialog(7, "BYE", 2) };
  }

  release(call: UpCall): void {
    const bye = this.#inject(call.bye, this.#customerFlow).find((text) => text.startsWith("BYE ")) ?? "";
    this.#carrier(
      "SIP/2.0 200 OK",
      ["Via", "From", "To", "Call-ID", "CSeq"].map((name) => rowOf(bye, name)),
    );
    // The double keeps every endpoint for its tests.
    this.#relay.endpoints.splice(0);
  }

  #customer(startLine: string, rows: readonly string[], body = ""): string[] {
    return this.#inject(message(startLine, rows, body), this.#customerFlow);
  }

  #carrier(startLine: string, rows: readonly string[], body = ""): string[] {
    return this.#inject(message(startLine, rows, body), this.#carrierFlow);
  }

  /** What the gateway sends at once. */
  #inject(text: string, flow: Flow): string[] {
    this.#sent = [];
    this.#receiver?.onMessage(text, flow);
    return this.#sent;
  }

  #send(text: string): void {
    this.counts.sent++;
    this.#sent.push(text);
  }

  #transport(): GatewayTransport {
    const sentBy = { host: "198.51.100.1", port: 5060 };
    return {
      open: async () => {},
      close: async () => {},
      setReceiver: (receiver) => {
        this.#receiver = receiver;
      },
      addInterface: async () => {},
      removeInterface: async () => {},
      closeFlow: () => {},
      reloadTls: () => {},
      counts: () => ({}),
      sentBy: () => sentBy,
      sendTo: (target, text) => {
        this.#send(text);
        return target.interfaceName === "customers" ? this.#customerFlow : this.#carrierFlow;
      },
      sendOn: (_flow, text) => this.#send(text),
    };
  }

  #ledger(): Ledger {
    const { counts } = this;
    return {
      onEntries: undefined,
      recovered: [],
      journal: (_callSid, _text, done) => {
        counts.journalled++;
        done();
      },
      finish: () => {
        counts.recorded++;
      },
      finishLeg: () => {},
      forget: () => {},
      alert: () => {},
      read: async () => undefined,
      stored: () => {},
      counts: () => ({ outbox: 0, journal: 0, isDegraded: false }),
      close: async () => {},
    };
  }
}

const noName = async (): Promise<DnsAnswer<never>> => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 30 });

function flowTo(interfaceName: string, remoteAddress: string): Flow {
  const local = { localAddress: "198.51.100.1", localPort: 5060 };
  const how = { isReliable: false, isSecure: false, isOpen: true, connection: undefined };
  return {
    id: remoteAddress,
    interfaceName,
    protocol: "UDP",
    remoteAddress,
    remotePort: 5060,
    ...local,
    ...how,
  };
}

function sdp(address: string, port: number): string {
  const head = ["v=0", `o=sipp 53655765 2353687637 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  const audio = [
    `m=audio ${port} RTP/AVP 0 101`,
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
  ];
  return [...head, ...audio, "a=fmtp:101 0-16", "a=ptime:20", ""].join("\r\n");
}

/** One flat string, as a socket brings it. */
function message(startLine: string, rows: readonly string[], body = ""): string {
  const contentType = body === "" ? [] : ["Content-Type: application/sdp"];
  const lines = [startLine, ...rows, ...contentType, `Content-Length: ${body.length}`, "", body];
  return Buffer.from(lines.join("\r\n"), "latin1").toString("latin1");
}

/** The first row of that name, with its name. */
function rowOf(text: string, name: string): string {
  const start = text.indexOf(`\r\n${name}: `) + 2;
  return text.slice(start, text.indexOf("\r\n", start));
}
