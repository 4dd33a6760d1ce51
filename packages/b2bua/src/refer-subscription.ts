import type { Timer } from "@tandem/clock";
import { HeaderFields, reasonPhraseOf, type SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import type { InviteUsage } from "@tandem/sip/user-agent";

/** Seconds that the subscription of a REFER lasts at first, longer than any set-up, and at most (RFC 6665 §4.1.3). */
export const referSubscriptionSeconds = 300;

/** How often the transferor is told of provisional responses; later ones are not worth a message. */
export const maximumProgressNotifications = 8;

/**
 * The implicit subscription of a REFER (RFC 3515 §2.4.4): tells the transferor how the transfer goes.
 *
 *   active ──SUBSCRIBE──▶ active            for the time that was asked for, and the state is told anew
 *   active ──final(), 481, SUBSCRIBE with Expires 0, end of that time──▶ terminated
 *
 * It outlives the INVITE usage of its dialog: a transferor that has hung up still hears how it ended (RFC 5057 §4.2).
 */
export class ReferSubscription {
  readonly #usage: InviteUsage;
  readonly #event: string;
  /** CSeq of the REFER. */
  readonly #id: string;
  readonly #isFirst: boolean;
  /** `Refer-Sub: false` (RFC 4488): nobody wants to know. */
  readonly #isSilent: boolean;
  #isTerminated = false;
  #lastStatusCode = 0;
  #progressCount = 0;
  #expiresSeconds = referSubscriptionSeconds;
  /** Runs once the transferor has said how long it wants to hear. */
  #expiry: Timer | undefined;

  /** @param isFirst the first REFER of its dialog; the NOTIFYs of later ones say which they are for (RFC 3515 §2.4.6) */
  constructor(usage: InviteUsage, refer: SipRequest, isFirst: boolean) {
    this.#usage = usage;
    this.#id = String(refer.cseqNumber);
    this.#isFirst = isFirst;
    this.#event = isFirst ? "refer" : `refer;id=${this.#id}`;
    this.#isSilent = isUnsubscribed(refer);
  }

  /** A provisional response, 100 at first. The same one again is no news. */
  progress(statusCode: number): void {
    if (statusCode === this.#lastStatusCode || this.#progressCount >= maximumProgressNotifications) return;
    this.#progressCount += 1;
    this.#lastStatusCode = statusCode;
    this.#notify(statusCode, reasonPhraseOf(statusCode), this.#active, ignore);
  }

  /** How it ended. `done` is called when the transferor has taken note, or does not answer; at once when nobody listens. */
  final(statusCode: number, reasonPhrase: string | undefined, done: () => void): void {
    const phrase = reasonPhrase ?? reasonPhraseOf(statusCode);
    if (!this.#notify(statusCode, phrase, "terminated;reason=noresource", done)) done();
    this.#terminate();
  }

  /** Whether a SUBSCRIBE of that dialog is for this subscription, and it is still there. */
  concerns(subscribe: SipRequest, usage: InviteUsage): boolean {
    if (this.#isTerminated || this.#isSilent || usage !== this.#usage) return false;
    const [name = "", ...parameters] = (subscribe.value("Event") ?? "").split(";").map((part) => part.trim());
    const id = parameters.find((one) => /^id\s*=/i.test(one))?.replace(/^id\s*=\s*/i, "");
    // RFC 3515 §2.4.6: only that of the first REFER may be named without the id.
    return name.toLowerCase() === "refer" && (id === undefined ? this.#isFirst : id === this.#id);
  }

  /** A SUBSCRIBE that concerns it: a refresh, or with Expires 0 the end (RFC 6665 §4.1.2.3, §4.2.1.1). */
  onSubscribe(subscribe: SipRequest, transaction: ServerTransaction): void {
    const { agent } = this.#usage;
    const wanted = (subscribe.value("Expires") ?? String(referSubscriptionSeconds)).trim();
    if (!/^\d{1,10}$/.test(wanted)) {
      const reasonPhrase = "Malformed Expires header field";
      transaction.respond(agent.response(subscribe, transaction.flow, 400, { reasonPhrase }));
      return;
    }
    this.#expiresSeconds = Math.min(Number(wanted), referSubscriptionSeconds);
    const response = agent.response(subscribe, transaction.flow, 200);
    response.headerFields.append("Expires", String(this.#expiresSeconds));
    response.headerFields.append("Contact", this.#usage.contact);
    transaction.respond(response);
    this.#expiry?.cancel();
    if (this.#expiresSeconds === 0) {
      this.expire();
      return;
    }
    this.#expiry = agent.clock.schedule(this.#expiresSeconds * 1000, onExpiry, this);
    this.#notifyState(this.#active);
  }

  /** @internal Nobody wants to hear any more: the transfer goes on unheard. */
  expire(): void {
    this.#notifyState("terminated;reason=timeout");
    this.#terminate();
  }

  get #active(): string {
    return `active;expires=${this.#expiresSeconds}`;
  }

  /** How it stands now. */
  #notifyState(state: string): void {
    const statusCode = this.#lastStatusCode === 0 ? 100 : this.#lastStatusCode;
    this.#notify(statusCode, reasonPhraseOf(statusCode), state, ignore);
  }

  #terminate(): void {
    this.#isTerminated = true;
    this.#expiry?.cancel();
  }

  #notify(statusCode: number, reasonPhrase: string, state: string, done: () => void): boolean {
    if (this.#isSilent || this.#isTerminated) return false;
    const headerFields = new HeaderFields();
    headerFields.append("Event", this.#event);
    headerFields.append("Subscription-State", state);
    headerFields.append("Contact", this.#usage.contact);
    const content = {
      headerFields,
      body: `SIP/2.0 ${statusCode} ${reasonPhrase}\r\n`,
      contentType: "message/sipfrag;version=2.0",
    };
    this.#usage.request("NOTIFY", content, {
      onResponse: (response) => {
        if (response.statusCode < 200) return;
        // RFC 6665 §4.2.2: it does not know the subscription any more.
        if (response.statusCode === 481) this.#terminate();
        done();
      },
      onFailure: () => {
        this.#terminate();
        done();
      },
    });
    return true;
  }
}

/** Whether the transferor wants no subscription (RFC 4488 §4). */
export function isUnsubscribed(refer: SipRequest): boolean {
  return refer.value("Refer-Sub")?.split(";")[0]?.trim().toLowerCase() === "false";
}

const onExpiry = (subscription: ReferSubscription): void => subscription.expire();

function ignore(): void {}
