import type { OutgoingResponse, SipRequest } from "../message/index.ts";
import type { ServerTransaction } from "../transaction/index.ts";
import type { EarlyRequests, InviteUsage } from "./invite-usage.ts";
import {
  type PrackHandler,
  ReliableProvisionals,
  type ReliableProvisionalsUser,
} from "./reliable-provisionals.ts";

export interface EarlyUasDialogUser {
  onBye(request: SipRequest, transaction: ServerTransaction): void;
  /** A 2xx that had to wait may go out. */
  onAllAcknowledged(): void;
  onNoPrack(): void;
}

/**
 * An early dialog towards a caller in which responses are sent reliably. It stays with the usage when that is answered, for
 * PRACKs that are late; refused, it waits for them on its own.
 *
 *   open ──confirm()──▶ confirmed        open ──end()──▶ ending, when a PRACK may still come ──PRACK, 64*T1──▶ closed
 */
export class EarlyUasDialog implements EarlyRequests, ReliableProvisionalsUser {
  readonly toTag: string;
  readonly usage: InviteUsage;
  readonly #provisionals: ReliableProvisionals;
  readonly #user: EarlyUasDialogUser;
  #state: "open" | "confirmed" | "ending" = "open";

  constructor(
    toTag: string,
    usage: InviteUsage,
    transaction: ServerTransaction,
    sequenceNumber: number,
    user: EarlyUasDialogUser,
  ) {
    this.toTag = toTag;
    this.usage = usage;
    this.#user = user;
    this.#provisionals = new ReliableProvisionals(usage.agent, transaction, sequenceNumber, this);
    usage.early = this;
  }

  get holdsSuccess(): boolean {
    return this.#provisionals.holdsSuccess;
  }

  get hasAcknowledgedBody(): boolean {
    return this.#provisionals.hasAcknowledgedBody;
  }

  send(response: OutgoingResponse, handler: PrackHandler | undefined): void {
    this.#provisionals.send(response, handler);
  }

  /** The 2xx has been sent in this dialog. */
  confirm(): void {
    this.#state = "confirmed";
    this.#provisionals.finish();
  }

  /** The INVITE was refused, or answered in another dialog. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#provisionals.finish();
    if (!this.#provisionals.isPending) this.usage.close();
    else this.usage.leave();
  }

  onEarlyRequest(request: SipRequest, transaction: ServerTransaction): boolean {
    if (request.method === "PRACK") {
      this.#provisionals.onPrack(request, transaction);
      return true;
    }
    if (request.method !== "BYE" || this.#state !== "open") return false;
    this.#user.onBye(request, transaction);
    return true;
  }

  onClosed(): void {
    this.#provisionals.close();
  }

  onAllAcknowledged(): void {
    if (this.#state === "ending") this.usage.close();
    else if (this.#state === "open") this.#user.onAllAcknowledged();
  }

  onNoPrack(): void {
    if (this.#state === "ending") this.usage.close();
    else if (this.#state === "open") this.#user.onNoPrack();
  }
}
