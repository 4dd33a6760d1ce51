/**
 * Who changed what over the interface. The database itself notes what a transaction does to the rows of the
 * configuration (triggers of migration 0007), so no route can forget a field; this adds who asked for it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "@tandem/clock";
import { createSid, insertAuditEvent, openAuditEvent, type Transaction } from "@tandem/database";
import type { FastifyRequest } from "fastify";

export class AuditTrail {
  readonly #clock: Clock;
  readonly #request = new AsyncLocalStorage<FastifyRequest>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the rest of the request so that `record` knows it. */
  follow(request: FastifyRequest, rest: () => void): void {
    this.#request.run(request, rest);
  }

  /** Runs `work` and adds the event of the request that is being answered, both in that transaction or not at all. */
  async record<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
    const request = this.#request.getStore();
    if (request === undefined) throw new Error("a change without a request has no author");
    const sid = createSid("AE");
    await openAuditEvent(transaction, sid);
    const result = await work();
    const { caller, accountSid, method, ip, url, routeOptions } = request;
    const sids = Object.values(request.params as Readonly<Record<string, string>>);
    await insertAuditEvent(transaction, {
      sid,
      account_sid: accountSid,
      actor_account_sid: caller.accountSid,
      actor_key_sid: caller.keySid ?? null,
      actor_is_operator: caller.isOperator,
      operation: routeOptions.schema?.operationId ?? "",
      method,
      path: url.split("?", 1)[0] ?? "",
      resource_sid: namesResource(routeOptions.url) ? sids.at(-1) : undefined,
      path_sids: sids,
      status: successOf(routeOptions.schema?.response),
      source_address: ip,
      event_date: new Date(this.#clock.wallMs()),
    });
    return result;
  }
}

/** `/Trunks/:Sid` names what it is about, `/Trunks` does not. */
function namesResource(route: string | undefined): boolean {
  return /:\w+(\.json)?$/.test(route ?? "");
}

/** The one status below 300 that the route declares; its answer is not written yet. */
function successOf(response: unknown): number {
  const declared = Object.keys((response ?? {}) as object).map(Number);
  return declared.find((status) => status >= 200 && status < 300) ?? 200;
}
