import { HeaderFields, reasonPhraseOf, type SipRequest } from "@tandem/sip/message";
import type { InviteUsage } from "@tandem/sip/user-agent";

/** Seconds that the subscription of a REFER lasts at first: longer than any set-up (RFC 6665 §4.1.3). */
export const referSubscriptionSeconds = 300;

/** How often the transferor is told of provisional responses; later ones are not worth a message. */
export const maximumProgressNotifications = 8;

/**
 * The implicit subscription of a REFER (RFC 3515 §2.4.4): tells the transferor how the transfer goes.
 *
 *   active ──final(), 481──▶ terminated
 *
 * It outlives the INVITE usage of its dialog: a transferor that has hung up still hears how it ended (RFC 5057 §4.2).
 */
export class ReferSubscription {
  readonly #usage: InviteUsage;
  readonly #event: string;
  /** `Refer-Sub: false` (RFC 4488): nobody wants to know. */
  readonly #isSilent: boolean;
  #isTerminated = false;
  #lastStatusCode = 0;
  #progressCount = 0;

  /** @param isFirst the first REFER of its dialog; the NOTIFYs of later ones say which they are for (RFC 3515 §2.4.6) */
  constructor(usage: InviteUsage, refer: SipRequest, isFirst: boolean) {
    this.#usage = usage;
    this.#event = isFirst ? "refer" : `refer;id=${refer.cseqNumber}`;
    this.#isSilent = isUnsubscribed(refer);
  }

  /** A provisional response, 100 at first. The same one again is no news. */
  progress(statusCode: number): void {
    if (statusCode === this.#lastStatusCode || this.#progressCount >= maximumProgressNotifications) return;
    this.#progressCount += 1;
    this.#lastStatusCode = statusCode;
    this.#notify(
      statusCode,
      reasonPhraseOf(statusCode),
      `active;expires=${referSubscriptionSeconds}`,
      ignore,
    );
  }

  /** How it ended. `done` is called when the transferor has taken note, or does not answer; at once when nobody listens. */
  final(statusCode: number, reasonPhrase: string | undefined, done: () => void): void {
    const phrase = reasonPhrase ?? reasonPhraseOf(statusCode);
    if (!this.#notify(statusCode, phrase, "terminated;reason=noresource", done)) done();
    this.#isTerminated = true;
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
        if (response.statusCode === 481) this.#isTerminated = true;
        done();
      },
      onFailure: () => {
        this.#isTerminated = true;
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

function ignore(): void {}
