import type { Clock } from "@tandem/clock";
import { TextTable } from "@tandem/tables";
import { dialogKey } from "../dialog/index.ts";
import type { Locator } from "../locate/index.ts";
import {
  createResponse,
  type OverloadReporter,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  unsupportedOptionTags,
} from "../message/index.ts";
import {
  type OverloadControl,
  type ServerTransaction,
  TransactionLayer,
  type TransactionTimers,
  type TransactionUser,
} from "../transaction/index.ts";
import type { Flow, TransportProtocol } from "../transport/flow.ts";
import type { MessageSink } from "../transport/message-sink.ts";
import type { SendFailure } from "../transport/target.ts";
import type { DialogHandler, DialogHost, InviteWatcher } from "./dialog-host.ts";
import { newTag } from "./identifiers.ts";
import { InviteUas } from "./invite-uas.ts";
import { InviteUsage } from "./invite-usage.ts";
import { understoodOptions } from "./supported-options.ts";

/** The program behind the user agent. */
export interface UserAgentCore {
  /** A new INVITE outside any dialog. */
  onInvite(invite: InviteUas): void;
  /** Any other request outside a dialog. */
  onOutOfDialogRequest(request: SipRequest, transaction: ServerTransaction): void;
}

export interface UserAgentOptions {
  readonly clock: Clock;
  readonly sink: MessageSink;
  readonly locator: Locator;
  readonly timers: TransactionTimers;
  /** Value of User-Agent and Server. */
  readonly productName: string;
  /** Overload control (RFC 7339), both ways; left out: there is none. */
  readonly overload?: (OverloadControl & OverloadReporter) | undefined;
}

interface WatchedInvite {
  readonly transaction: ServerTransaction;
  readonly watcher: InviteWatcher;
}

/**
 * The user agent core: gives each request to the dialog it belongs to, and new ones to the program.
 * Holds nothing but the table of dialogs; who registers a dialog removes it.
 */
export class UserAgent implements TransactionUser, DialogHost {
  readonly clock: Clock;
  readonly locator: Locator;
  readonly timers: TransactionTimers;
  readonly productName: string;
  readonly layer: TransactionLayer;
  readonly #sink: MessageSink;
  readonly #overload: OverloadReporter | undefined;
  readonly #dialogs = new TextTable<DialogHandler>();
  /** By the key of their transaction, which a later one may have again. */
  readonly #invites = new TextTable<WatchedInvite>();
  #core: UserAgentCore | undefined;
  readonly #onTransportError = (_failure: SendFailure, transaction: ServerTransaction): void =>
    this.#watcherOf(transaction)?.onTransportError?.();

  constructor(options: UserAgentOptions) {
    this.clock = options.clock;
    this.locator = options.locator;
    this.timers = options.timers;
    this.productName = options.productName;
    this.#sink = options.sink;
    this.#overload = options.overload;
    this.layer = new TransactionLayer({
      clock: options.clock,
      sink: options.sink,
      user: this,
      timers: options.timers,
      overload: options.overload,
    });
  }

  /** Must be called once before the first message comes. */
  setCore(core: UserAgentCore): void {
    this.#core = core;
  }

  /** Dialogs (early ones included) and INVITEs in set-up; both are zero when no call is left. */
  get counts(): { readonly dialogs: number; readonly invites: number } {
    return { dialogs: this.#dialogs.size, invites: this.#invites.size };
  }

  /** A parsed message from the transport that admission let pass. */
  receive(message: SipMessage, flow: Flow): void {
    this.layer.receiveMessage(message, flow);
  }

  /** Whether a request belongs to a dialog of ours: such requests are never challenged and never from a stranger. */
  knowsDialogOf(request: SipRequest): boolean {
    const localTag = request.toTag;
    return localTag !== "" && this.#dialogs.has(dialogKey(request.callId, localTag, request.fromTag));
  }

  /** Contact of ours on an interface: advertised address, bound port, and nothing of the network inside. */
  contact(interfaceName: string, protocol: TransportProtocol, isSips = false): string {
    const sentBy = this.#sink.sentBy(interfaceName, protocol);
    // A SIPS URI says TLS by itself (RFC 3261 §26.2.2).
    if (isSips) return `<sips:${sentBy.host}:${sentBy.port}>`;
    const transport = protocol === "UDP" ? "" : `;transport=${protocol.toLowerCase()}`;
    return `<sip:${sentBy.host}:${sentBy.port}${transport}>`;
  }

  /** The usage of a dialog of ours; undefined: there is none, or only an INVITE in set-up. */
  usageOf(callId: string, localTag: string, remoteTag: string): InviteUsage | undefined {
    const handler = this.#dialogs.get(dialogKey(callId, localTag, remoteTag));
    return handler instanceof InviteUsage ? handler : undefined;
  }

  addDialog(callId: string, localTag: string, remoteTag: string, handler: DialogHandler): void {
    this.#dialogs.set(dialogKey(callId, localTag, remoteTag), handler);
  }

  removeDialog(callId: string, localTag: string, remoteTag: string): void {
    this.#dialogs.delete(dialogKey(callId, localTag, remoteTag));
  }

  /** Tells `watcher` what happens to that INVITE, until `unwatchCancel`. */
  watchCancel(transaction: ServerTransaction, watcher: InviteWatcher): void {
    transaction.onTransportError = this.#onTransportError;
    this.#invites.set(transaction.key, { transaction, watcher });
  }

  /** The INVITE is over (answered or refused): a CANCEL no longer reaches it. */
  unwatchCancel(transaction: ServerTransaction): void {
    if (this.#watcherOf(transaction) !== undefined) this.#invites.delete(transaction.key);
  }

  #watcherOf(transaction: ServerTransaction): InviteWatcher | undefined {
    const watched = this.#invites.get(transaction.key);
    return watched?.transaction === transaction ? watched.watcher : undefined;
  }

  onRequest(request: SipRequest, transaction: ServerTransaction): void {
    if (request.has("Require") && this.#refusesExtension(request, transaction)) return;
    if (request.toTag !== "") {
      this.#onInDialogRequest(request, transaction);
      return;
    }
    if (request.method !== "INVITE") {
      this.#core?.onOutOfDialogRequest(request, transaction);
      return;
    }
    const invite = new InviteUas(this, request, transaction);
    this.watchCancel(transaction, invite);
    this.#core?.onInvite(invite);
  }

  onAck(request: SipRequest): void {
    this.#dialogs.get(dialogKey(request.callId, request.toTag, request.fromTag))?.onAck(request);
  }

  onCancel(transaction: ServerTransaction, cancel: SipRequest): void {
    this.#watcherOf(transaction)?.onCancel(cancel);
  }

  onStrayResponse(response: SipResponse): void {
    if (response.cseqMethod !== "INVITE" || response.statusCode < 200 || response.statusCode > 299) return;
    this.#dialogs.get(dialogKey(response.callId, response.fromTag, response.toTag))?.onStraySuccess(response);
  }

  /** 420 for a request that requires what we do not know (RFC 3261 §8.2.2.3). */
  #refusesExtension(request: SipRequest, transaction: ServerTransaction): boolean {
    const unsupported = unsupportedOptionTags(request, "Require", understoodOptions);
    if (unsupported.length === 0) return false;
    const options = request.toTag === "" ? { toTag: newTag() } : {};
    const response = this.response(request, transaction.flow, 420, options);
    response.headerFields.append("Unsupported", unsupported.join(", "));
    transaction.respond(response);
    return true;
  }

  #onInDialogRequest(request: SipRequest, transaction: ServerTransaction): void {
    const handler = this.#dialogs.get(dialogKey(request.callId, request.toTag, request.fromTag));
    if (handler !== undefined) {
      handler.onRequest(request, transaction);
      return;
    }
    transaction.respond(this.response(request, transaction.flow, 481));
  }

  /** A response skeleton with our Server header field (RFC 3261 §8.2.6, RFC 3581 §4). */
  response(
    request: SipRequest,
    flow: Flow,
    statusCode: number,
    options: { reasonPhrase?: string | undefined; toTag?: string; copyRecordRoute?: boolean } = {},
  ): ReturnType<typeof createResponse> {
    const response = createResponse(request, statusCode, {
      reasonPhrase: options.reasonPhrase,
      toTag: options.toTag,
      copyRecordRoute: options.copyRecordRoute,
      receivedFrom: { address: flow.remoteAddress, port: flow.remotePort },
      overload: this.#overload,
    });
    if (statusCode !== 100) response.headerFields.append("Server", this.productName);
    return response;
  }
}
