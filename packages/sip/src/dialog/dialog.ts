import {
  HeaderFields,
  OutgoingRequest,
  type Parsed,
  parseCseq,
  parseNameAddr,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from "../message/index.ts";
import { ownText } from "../message/own-text.ts";
import type { DialogJournal, DialogRole, DialogState } from "./dialog-journal.ts";
import { withoutTag } from "./name-addr-text.ts";
import { asRequestUri, remoteTargetFrom } from "./remote-target.ts";
import { type FirstHop, firstHop, routeSetFrom } from "./route-set.ts";

export interface FromRequestOptions {
  /** Tag that we put into To. */
  readonly localTag: string;
  /** Our Contact value. */
  readonly localContact: string;
  /** Path on which the request came. */
  readonly flow: { readonly isSecure: boolean };
}

export interface InDialogRequestOptions {
  /** Contact value. Default: the dialog's own for INVITE and UPDATE, none for others. */
  readonly contact?: string;
  /** For ACK and CANCEL: the sequence number of their INVITE. */
  readonly sequenceNumber?: number;
}

/** How far a restarted process jumps ahead in the local sequence number, because the journal may be behind. */
const defaultSequenceNumberSkip = 1000;

/**
 * A dialog (RFC 3261 §12): data and rules, no I/O. The state is set by the user agent, which knows what was sent.
 *
 * early: a 101-199 with To tag was sent or received. confirmed: a 2xx was. terminated: nothing more is sent in it.
 */
export class Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** "" when the peer is an RFC 2543 element that sends no tag (§12.1.1, §12.1.2). */
  readonly remoteTag: string;
  /** From of our requests, without tag. */
  readonly localUri: string;
  /** To of our requests, without tag. */
  readonly remoteUri: string;
  readonly role: DialogRole;
  /** Secure flag of §12.1: the request came by TLS, or goes, to a SIPS URI. */
  readonly isSecure: boolean;
  /** Our Contact value as the peer knows it. */
  localContact: string;
  /** Where the peer wants its requests: a URI. */
  remoteTarget: string;
  /** The last sequence number that we used. */
  localSequenceNumber: number;
  /** The highest sequence number that the peer used; undefined before its first request. */
  remoteSequenceNumber: number | undefined;
  state: DialogState;
  #routeSet: readonly string[] = [];
  #firstHop: FirstHop | undefined = undefined;

  private constructor(journal: DialogJournal) {
    this.callId = ownText(journal.callId);
    this.localTag = ownText(journal.localTag);
    this.remoteTag = ownText(journal.remoteTag);
    this.localUri = ownText(journal.localUri);
    this.remoteUri = ownText(journal.remoteUri);
    this.role = journal.role;
    this.isSecure = journal.isSecure;
    this.localContact = ownText(journal.localContact);
    this.remoteTarget = ownText(journal.remoteTarget);
    this.localSequenceNumber = journal.localSequenceNumber;
    this.remoteSequenceNumber = journal.remoteSequenceNumber ?? undefined;
    this.state = journal.state;
    this.#setRouteSet(journal.routeSet.map(ownText));
  }

  /** The early dialog of the UAS (§12.1.1), from an INVITE that it is going to answer with 101-299. */
  static fromRequest(request: SipRequest, options: FromRequestOptions): Parsed<Dialog> {
    const from = request.from();
    if (!from.ok) return from;
    const to = request.to();
    if (!to.ok) return to;
    const remoteTarget = remoteTargetFrom(request);
    if (!remoteTarget.ok) return remoteTarget;
    const routeSet = routeSetFrom(request, "uas");
    if (!routeSet.ok) return routeSet;
    const value = new Dialog({
      callId: request.callId,
      localTag: options.localTag,
      remoteTag: from.value.tag ?? "",
      localUri: withoutTag(to.value),
      remoteUri: withoutTag(from.value),
      localContact: options.localContact,
      remoteTarget: remoteTarget.value,
      routeSet: routeSet.value,
      localSequenceNumber: 0,
      remoteSequenceNumber: request.cseqNumber,
      state: "early",
      role: "uas",
      isSecure: options.flow.isSecure && isSips(request.requestUri),
    });
    return { ok: true, value };
  }

  /**
   * The dialog of the UAC (§12.1.2), from its INVITE and a 101-299: early or confirmed by the status code.
   * A provisional response needs a To tag; one without Contact leaves the Request-URI as the remote target.
   */
  static fromResponse(request: OutgoingRequest, response: SipResponse): Parsed<Dialog> {
    const own = uacSide(request);
    if (!own.ok) return own;
    const isProvisional = response.statusCode < 200;
    if (isProvisional && response.toTag === "") return toTagMissing;
    const contact = remoteTargetFrom(response);
    if (!contact.ok && !isProvisional) return contact;
    const routeSet = routeSetFrom(response, "uac");
    if (!routeSet.ok) return routeSet;
    const value = new Dialog({
      ...own.value,
      remoteTag: response.toTag,
      remoteTarget: contact.ok ? contact.value : request.requestUri,
      routeSet: routeSet.value,
      remoteSequenceNumber: null,
      state: isProvisional ? "early" : "confirmed",
      role: "uac",
      isSecure: isSips(request.requestUri),
    });
    return { ok: true, value };
  }

  /** A dialog from the journal. Sequence numbers used after the last entry were lost: skips that many. */
  static fromJournal(journal: DialogJournal, sequenceNumberSkip = defaultSequenceNumberSkip): Dialog {
    return new Dialog({
      ...journal,
      localSequenceNumber: journal.localSequenceNumber + sequenceNumberSkip,
    });
  }

  toJournal(): DialogJournal {
    return {
      callId: this.callId,
      localTag: this.localTag,
      remoteTag: this.remoteTag,
      localUri: this.localUri,
      remoteUri: this.remoteUri,
      localContact: this.localContact,
      remoteTarget: this.remoteTarget,
      routeSet: this.#routeSet,
      localSequenceNumber: this.localSequenceNumber,
      remoteSequenceNumber: this.remoteSequenceNumber ?? null,
      state: this.state,
      role: this.role,
      isSecure: this.isSecure,
    };
  }

  /** Route values in the order in which requests carry them. */
  get routeSet(): readonly string[] {
    return this.#routeSet;
  }

  /** Key among dialogs of this side. */
  get key(): string {
    return dialogKey(this.callId, this.localTag, this.remoteTag);
  }

  /**
   * A request within the dialog (§12.2.1.1): takes the next sequence number, but for ACK, or when one is given.
   * Via and Max-Forwards are added by the transaction layer.
   */
  createRequest(method: string, options: InDialogRequestOptions = {}): OutgoingRequest {
    const fields = new HeaderFields();
    const requestUri = this.#route(fields);
    fields.append("From", withTag(this.localUri, this.localTag));
    fields.append("To", withTag(this.remoteUri, this.remoteTag));
    fields.append("Call-ID", this.callId);
    fields.append("CSeq", `${this.#sequenceNumberFor(method, options.sequenceNumber)} ${method}`);
    const isTargetRefresh = method === "INVITE" || method === "UPDATE";
    const contact = options.contact ?? (isTargetRefresh ? this.localContact : "");
    if (contact !== "") fields.append("Contact", contact);
    return new OutgoingRequest(method, requestUri, fields);
  }

  /** URI of the element that requests go to next: the topmost Route, be it a loose or a strict router, else the remote target. */
  nextHop(): string {
    return this.#firstHop?.uri ?? this.remoteTarget;
  }

  /**
   * Whether a request of the peer comes in order (§12.2.2), and if so takes note of its sequence number. Out of order is
   * answered with 500. ACK repeats the number of its INVITE and is always in order.
   */
  checkRequest(request: SipRequest): "in-order" | "out-of-order" {
    if (request.method === "ACK") return "in-order";
    const sequenceNumber = request.cseqNumber;
    if (this.remoteSequenceNumber !== undefined && sequenceNumber < this.remoteSequenceNumber) {
      return "out-of-order";
    }
    this.remoteSequenceNumber = sequenceNumber;
    return "in-order";
  }

  /** Takes the Contact of a re-INVITE or UPDATE, or of its 2xx (§12.2.1.2, §12.2.2). One that is missing or unusable changes nothing. */
  refreshTarget(message: SipMessage): void {
    const remoteTarget = remoteTargetFrom(message);
    if (remoteTarget.ok) this.remoteTarget = remoteTarget.value;
  }

  /** The 2xx to our INVITE has come: the early dialog is confirmed and its route set computed again (§13.2.2.4). */
  confirm(response: SipResponse): void {
    this.state = "confirmed";
    this.refreshTarget(response);
    if (this.role === "uas") return;
    const routeSet = routeSetFrom(response, "uac");
    if (routeSet.ok) this.#setRouteSet(routeSet.value);
  }

  #setRouteSet(routeSet: readonly string[]): void {
    this.#routeSet = routeSet;
    this.#firstHop = routeSet[0] === undefined ? undefined : firstHop(routeSet[0]);
  }

  /** Writes the Route rows and returns the Request-URI. */
  #route(fields: HeaderFields): string {
    if (this.#firstHop === undefined || this.#firstHop.isLooseRouter) {
      for (const route of this.#routeSet) fields.append("Route", route);
      return asRequestUri(this.remoteTarget);
    }
    // A strict router replaces the Request-URI by the next Route, so the remote target has to stand last there.
    for (let i = 1; i < this.#routeSet.length; i++) fields.append("Route", this.#routeSet[i] ?? "");
    fields.append("Route", `<${this.remoteTarget}>`);
    return asRequestUri(this.#firstHop.uri);
  }

  #sequenceNumberFor(method: string, given: number | undefined): number {
    if (given !== undefined) return given;
    if (method !== "ACK") this.localSequenceNumber++;
    return this.localSequenceNumber;
  }
}

/** Key of a dialog among those of one side (§12: Call-ID, local tag, remote tag). Tags are tokens, so blanks part them. */
export function dialogKey(callId: string, localTag: string, remoteTag: string): string {
  return `${localTag} ${remoteTag} ${callId}`;
}

/** What the UAC's own INVITE says of the dialog. */
function uacSide(
  request: OutgoingRequest,
): Parsed<
  Pick<
    DialogJournal,
    "callId" | "localTag" | "localUri" | "remoteUri" | "localContact" | "localSequenceNumber"
  >
> {
  const fields = request.headerFields;
  const from = parseNameAddr(fields.value("From") ?? "");
  if (!from.ok) return from;
  const to = parseNameAddr(fields.value("To") ?? "");
  if (!to.ok) return to;
  const cseq = parseCseq(fields.value("CSeq") ?? "");
  if (!cseq.ok) return cseq;
  return {
    ok: true,
    value: {
      callId: fields.value("Call-ID") ?? "",
      localTag: from.value.tag ?? "",
      localUri: withoutTag(from.value),
      remoteUri: withoutTag(to.value),
      localContact: fields.value("Contact") ?? "",
      localSequenceNumber: cseq.value.sequenceNumber,
    },
  };
}

function withTag(uri: string, tag: string): string {
  return tag === "" ? uri : `${uri};tag=${tag}`;
}

function isSips(uri: string): boolean {
  return uri.slice(0, 5).toLowerCase() === "sips:";
}

const toTagMissing: Parsed<Dialog> = {
  ok: false,
  error: { code: "to-tag-missing", text: "Provisional response without To tag", headerField: "To" },
};
