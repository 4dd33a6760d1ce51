import { Dialog } from "../dialog/index.ts";
import { hasOptionTag, type OutgoingRequest, parseRSeq, type SipResponse } from "../message/index.ts";
import type { Target } from "../transport/target.ts";
import type { DialogHost } from "./dialog-host.ts";
import { InviteUsage, type InviteUsageUser, nobody } from "./invite-usage.ts";
import { ReliableResponse } from "./reliable-response.ts";

interface EarlyDialog {
  readonly usage: InviteUsage;
  /** RSeq of the last response that was taken. */
  responseNumber: number;
}

/** Early dialogs of one INVITE: more are answered by a callee that forks without end, and not heard. */
export const maximumEarlyDialogs = 16;

/** The early dialogs of an INVITE of ours in which the callee sent reliable provisional responses, one for each To tag. */
export class EarlyUacDialogs {
  readonly #agent: DialogHost;
  readonly #request: OutgoingRequest;
  readonly #target: Target;
  #user: InviteUsageUser;
  #dialogs: EarlyDialog[] = [];

  constructor(agent: DialogHost, request: OutgoingRequest, target: Target, user: InviteUsageUser) {
    this.#agent = agent;
    this.#request = request;
    this.#target = target;
    this.#user = user;
  }

  /**
   * Takes a reliable response. Undefined: it came again, or before one that is missing (RFC 3262 §4), and nobody is to hear
   * of it.
   */
  take(response: SipResponse): ReliableResponse | undefined {
    const responseNumber = parseRSeq(response.value("RSeq") ?? "");
    if (!responseNumber.ok) return undefined;
    const known = this.#find(response.toTag);
    if (known !== undefined) {
      if (responseNumber.value !== known.responseNumber + 1) return undefined;
      known.responseNumber = responseNumber.value;
      return new ReliableResponse(response, known.usage, responseNumber.value);
    }
    const dialog = Dialog.fromResponse(this.#request, response);
    if (!dialog.ok || this.#dialogs.length >= maximumEarlyDialogs) return undefined;
    const usage = new InviteUsage(this.#agent, dialog.value, this.#target, this.#user);
    usage.rememberTarget(this.#target);
    this.#dialogs.push({ usage, responseNumber: responseNumber.value });
    return new ReliableResponse(response, usage, responseNumber.value);
  }

  /** The usage of the early dialog that a 2xx confirms; undefined: there was none, or it is closed. */
  confirm(response: SipResponse): InviteUsage | undefined {
    const usage = this.#find(response.toTag)?.usage;
    if (usage === undefined || usage.isClosed) return undefined;
    usage.dialog.confirm(response);
    return usage;
  }

  /** The last sequence number that was used in the dialog of a 2xx, or that of the INVITE. */
  sequenceNumberOf(response: SipResponse): number {
    const used = this.#find(response.toTag)?.usage.dialog.localSequenceNumber ?? 0;
    return Math.max(used, response.cseqNumber);
  }

  /** The INVITE is over: all dialogs but that one end. What is left holds nothing of the call. */
  close(answered?: InviteUsage): void {
    this.#user = nobody;
    this.#dialogs = this.#dialogs.filter(({ usage }) => usage !== answered);
    for (const { usage } of this.#dialogs) usage.close();
  }

  #find(toTag: string): EarlyDialog | undefined {
    for (const dialog of this.#dialogs) if (dialog.usage.dialog.remoteTag === toTag) return dialog;
    return undefined;
  }
}

/** Whether a provisional response is to be acknowledged (RFC 3262 §4). */
export function isReliable(response: SipResponse): boolean {
  return (
    response.statusCode > 100 &&
    response.toTag !== "" &&
    response.has("RSeq") &&
    hasOptionTag(response, "Require", "100rel")
  );
}
