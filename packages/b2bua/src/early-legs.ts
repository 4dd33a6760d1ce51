import type { SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import { allowedMethods, type InviteUsage, supportedOptions, type UserAgent } from "@tandem/sip/user-agent";
import type { JoinedLegs } from "./joined-legs.ts";
import { sessionBodyOf } from "./session-body.ts";

/**
 * Pairs of early dialogs, one on each leg, whose responses are reliable on both: requests are carried between them before
 * anybody has answered (RFC 3311 §5). One of them may become the call.
 */
export class EarlyLegs {
  readonly #agent: UserAgent;
  #pairs: JoinedLegs[] = [];

  constructor(agent: UserAgent) {
    this.#agent = agent;
  }

  of(usage: InviteUsage): JoinedLegs | undefined {
    for (const legs of this.#pairs) {
      if (legs.leg("ingress") === usage || legs.leg("egress") === usage) return legs;
    }
    return undefined;
  }

  add(legs: JoinedLegs): void {
    this.#pairs.push(legs);
  }

  /** These two are the call now, if they are a pair; the others end. */
  take(ingress: InviteUsage, egress: InviteUsage): JoinedLegs | undefined {
    const legs = this.of(ingress);
    const taken = legs?.leg("egress") === egress ? legs : undefined;
    if (taken !== undefined) this.#pairs = this.#pairs.filter((one) => one !== taken);
    this.end();
    return taken;
  }

  /** The attempt is over. */
  end(): void {
    for (const legs of this.#pairs) legs.endEarly();
    this.#pairs.length = 0;
  }

  /** A request in an early dialog. What has no other side yet has to wait, but for an UPDATE that only refreshes the target. */
  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    const legs = this.of(usage);
    if (legs !== undefined) {
      legs.onRequest(request, transaction, usage);
      return;
    }
    const { flow } = transaction;
    if (usage.dialog.state !== "early" || request.method === "BYE") {
      transaction.respond(this.#agent.response(request, flow, 481));
      return;
    }
    if (request.method === "UPDATE" && sessionBodyOf(request).kind === "none") {
      usage.dialog.refreshTarget(request);
      const response = this.#agent.response(request, flow, 200);
      response.headerFields.append("Contact", usage.contact);
      response.headerFields.append("Allow", allowedMethods);
      response.headerFields.append("Supported", supportedOptions);
      transaction.respond(response);
      return;
    }
    const refused = this.#agent.response(request, flow, 500);
    refused.headerFields.append("Retry-After", "3");
    transaction.respond(refused);
  }
}
