import type { Clock } from "@tandem/clock";
import { Locator, type Resolver } from "@tandem/sip/locate";
import {
  HeaderFields,
  OutgoingRequest,
  parseMessage,
  type SipRequest,
  type SipResponse,
} from "@tandem/sip/message";
import { defaultTransactionTimers, type ServerTransaction } from "@tandem/sip/transaction";
import { type Flow, type Target, type TlsOptions, TransportLayer } from "@tandem/sip/transport";
import {
  InviteUac,
  type InviteUacUser,
  type InviteUsage,
  type InviteUsageUser,
  newCallId,
  newTag,
  UserAgent,
} from "@tandem/sip/user-agent";
import { delay } from "../harness/wait.ts";

export interface TlsCallersOptions {
  readonly clock: Clock;
  /** Calls come from these in turn: a gateway takes 64 connections of one address. */
  readonly addresses: readonly string[];
  readonly tls: TlsOptions;
  readonly gateway: { readonly address: string; readonly port: number };
  readonly requestUri: string;
  /** From the answer to the BYE. */
  readonly holdMs: number;
}

const nothing = async (): Promise<{ ok: false; code: "NXDOMAIN"; ttlSeconds: number }> => ({
  ok: false,
  code: "NXDOMAIN",
  ttlSeconds: 60,
});
const noDns: Resolver = { naptr: nothing, srv: nothing, a: nothing, aaaa: nothing };

/** A customer that calls with our own user agent, each call on a TLS connection of its own, which it closes at the end. */
export class TlsCallers {
  placed = 0;
  completed = 0;
  readonly failures: string[] = [];
  readonly #options: TlsCallersOptions;
  readonly #transport: TransportLayer;
  readonly #agent: UserAgent;
  readonly #calls = new Map<string, TlsCall>();

  constructor(options: TlsCallersOptions) {
    this.#options = options;
    const { clock, addresses, tls } = options;
    this.#transport = new TransportLayer({
      clock,
      tls,
      interfaces: addresses.map((address) => ({
        name: address,
        localAddress: address,
        advertisedAddress: address,
        tlsPort: 0,
      })),
    });
    this.#agent = new UserAgent({
      clock,
      sink: this.#transport,
      locator: new Locator({
        clock,
        resolver: noDns,
        random: Math.random,
        cacheLimit: 10,
        protocols: ["TLS"],
      }),
      timers: defaultTransactionTimers,
      productName: "tandem-lab-tls-callers",
    });
    this.#agent.setCore({
      onInvite: (invite) => invite.reject(486),
      onOutOfDialogRequest: (request, transaction) =>
        transaction.respond(this.#agent.response(request, transaction.flow, 405)),
    });
    this.#transport.setReceiver({ onMessage: (text, flow) => this.#receive(text, flow) });
  }

  open(): Promise<void> {
    return this.#transport.open();
  }

  async close(): Promise<void> {
    this.#agent.layer.close();
    await this.#transport.close();
  }

  /** Calls at a steady rate until `isOver`; returns when the last one is. */
  async run(ratePerSecond: number, isOver: () => boolean): Promise<void> {
    const startedMs = this.#options.clock.monotonicMs();
    while (!isOver()) {
      this.#place();
      const dueMs = startedMs + (this.placed * 1000) / ratePerSecond;
      await delay(Math.max(0, dueMs - this.#options.clock.monotonicMs()));
    }
    while (this.#calls.size > 0) await delay(50);
  }

  #place(): void {
    const { addresses, gateway, requestUri, holdMs, clock } = this.#options;
    const interfaceName = addresses[this.placed % addresses.length] ?? "";
    this.placed += 1;
    const callId = newCallId();
    const fields = new HeaderFields()
      .append("From", `<sip:+12025550123@${interfaceName}>;tag=${newTag()}`)
      .append("To", `<${requestUri}>`)
      .append("Call-ID", callId)
      .append("CSeq", "1 INVITE")
      .append("Contact", this.#agent.contact(interfaceName, "TLS"))
      .append("Content-Type", "application/sdp");
    const request = new OutgoingRequest("INVITE", requestUri, fields, offerOf(interfaceName));
    // A line of its own is a connection of its own.
    const connection = `call-${this.placed}`;
    const target: Target = {
      interfaceName,
      connection,
      protocol: "TLS",
      ...gateway,
      serverName: gateway.address,
    };
    const onFailed = (text: string): void => this.#end(callId, text);
    const call = new TlsCall({ clock, holdMs, onFailed });
    this.#calls.set(callId, call);
    new InviteUac(this.#agent, request, target, call, call).send();
  }

  #receive(text: string, flow: Flow): void {
    const message = parseMessage(text, "stream");
    if (!message.ok) return;
    this.#agent.receive(message.value, flow);
    if (message.value.isRequest || message.value.cseqMethod !== "BYE") return;
    const { statusCode, callId } = message.value;
    this.#end(callId, statusCode === 200 ? undefined : `BYE: ${statusCode}`);
    this.#transport.closeFlow(flow);
  }

  #end(callId: string, failure: string | undefined): void {
    if (!this.#calls.delete(callId)) return;
    if (failure === undefined) this.completed += 1;
    else this.failures.push(failure);
  }
}

interface TlsCallOptions {
  readonly clock: Clock;
  readonly holdMs: number;
  readonly onFailed: (text: string) => void;
}

/** Is answered, waits, hangs up. */
class TlsCall implements InviteUacUser, InviteUsageUser {
  readonly #options: TlsCallOptions;

  constructor(options: TlsCallOptions) {
    this.#options = options;
  }

  onProvisional(): void {}

  onAnswer(response: SipResponse, usage: InviteUsage): void {
    usage.acknowledge(response.cseqNumber);
    this.#options.clock.schedule(this.#options.holdMs, (one) => one.bye(), usage);
  }

  onRejected(response: SipResponse): void {
    this.#options.onFailed(`${response.statusCode} ${response.reasonPhrase}`);
  }

  onFailed(kind: string, text: string): void {
    this.#options.onFailed(`${kind}: ${text}`);
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    transaction.respond(
      usage.agent.response(request, transaction.flow, request.method === "BYE" ? 200 : 405),
    );
    if (request.method !== "BYE") return;
    usage.close();
    this.#options.onFailed("the other side hung up");
  }

  onAck(): void {}

  onNoAck(): void {}
}

function offerOf(address: string): string {
  const lines = ["v=0", `o=- 1 1 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  return `${[...lines, "m=audio 30000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20"].join("\r\n")}\r\n`;
}
