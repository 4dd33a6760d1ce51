import { HeaderFields, type SipResponse } from "@tandem/sip/message";
import type { ClientTransactionUser } from "@tandem/sip/transaction";
import type { InviteUsage } from "@tandem/sip/user-agent";
import type { CallMedia } from "./call-media.ts";
import { descriptionIn } from "./description-in.ts";
import type { Side } from "./media-anchor.ts";
import { minSeIn } from "./session-interval.ts";
import type { SessionTimer } from "./session-timer.ts";

export interface SessionRefreshHost {
  readonly media: CallMedia;
  readonly random: () => number;
  leg(side: Side): InviteUsage;
  onRefreshEnded(side: Side): void;
  /** The refresh went through: the journal says since when. */
  onRefreshed(): void;
  /** The peer no longer knows the dialog, or is silent (RFC 4028 §10). */
  onPeerLost(): void;
}

/**
 * One refresh of ours: UPDATE without a body when the peer takes it, else a re-INVITE with the description that it knows
 * (RFC 4028 §7.4). A 422 raises the interval once.
 */
export class SessionRefresh implements ClientTransactionUser {
  readonly isInvite: boolean;
  readonly #host: SessionRefreshHost;
  readonly #side: Side;
  readonly #timer: SessionTimer;
  #isOver = false;

  constructor(host: SessionRefreshHost, side: Side, timer: SessionTimer) {
    this.#host = host;
    this.#side = side;
    this.#timer = timer;
    this.isInvite = !timer.allowsUpdate;
  }

  send(): void {
    const headerFields = new HeaderFields();
    this.#timer.fillRequest(headerFields);
    const leg = this.#host.leg(this.#side);
    if (!this.isInvite) {
      leg.request("UPDATE", { headerFields }, this);
      return;
    }
    const body = this.#host.media.shownTo(this.#side);
    leg.request("INVITE", { headerFields, body, contentType: "application/sdp" }, this);
  }

  /** The call is over. */
  end(): void {
    this.#isOver = true;
  }

  onResponse(response: SipResponse): void {
    const { statusCode } = response;
    if (statusCode < 200) return;
    const leg = this.#host.leg(this.#side);
    if (statusCode < 300 && this.isInvite) leg.acknowledge(response.cseqNumber);
    if (this.#isOver) return;
    if (statusCode >= 300) {
      this.#onRefused(response);
      return;
    }
    this.#end();
    if (this.isInvite) this.#host.media.refreshed(this.#side, descriptionIn(response));
    this.#timer.onSuccess(response);
    this.#host.onRefreshed();
  }

  onFailure(kind: "timeout" | "transport-error"): void {
    if (this.#isOver) return;
    this.#end();
    if (kind === "timeout") this.#host.onPeerLost();
    else this.#timer.retry();
  }

  #onRefused(response: SipResponse): void {
    const { statusCode } = response;
    if (statusCode === 422 && this.#timer.raise(minSeIn(response) ?? 0)) {
      this.send();
      return;
    }
    this.#end();
    if (statusCode === 408 || statusCode === 481) this.#host.onPeerLost();
    else this.#timer.retry(statusCode === 491 ? this.#glareDelayMs() : undefined);
  }

  /** RFC 3261 §14.1: who owns the Call-ID waits 2.1 to 4 s, the other up to 2 s, in units of 10 ms. */
  #glareDelayMs(): number {
    const { random } = this.#host;
    const units = Math.floor(random() * 191);
    return this.#side === "egress" ? 2100 + units * 10 : Math.floor(random() * 201) * 10;
  }

  #end(): void {
    this.#isOver = true;
    this.#host.onRefreshEnded(this.#side);
  }
}
