import type { Database, Transaction } from "@tandem/database";
import { bumpSnapshot } from "@tandem/database";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { Static, TSchema } from "typebox";
import type { ApiDependencies } from "../dependencies.ts";
import type { ResourceLimits } from "../limits.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { Caller } from "./authentication.ts";

interface TypeBoxProvider extends FastifyTypeProvider {
  readonly validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  readonly serializer: unknown;
}

/** Where routes are declared; bodies, queries and path parameters have their schemas' types. */
export type RouteScope = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxProvider
>;

/** What routes get besides their scope. */
export interface RouteContext extends ApiDependencies {
  readonly limits: ResourceLimits;
  /**
   * Runs `work` in a transaction that also makes a new snapshot version and the request's audit event, and announces
   * the version after the commit.
   */
  readonly change: Change;
  /** The same for what gateways need not know: no new version. */
  readonly changeUnpublished: Change;
  /** The audit event of a request that changes something outside of the database; call it when that is done. */
  readonly recordCommand: () => Promise<void>;
}

export type Change = <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;

/** Adds the routes of one resource. */
export type Routes = (scope: RouteScope, context: RouteContext) => void;

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks. */
    caller: Caller;
    /** Account whose objects the request is about: the caller's own, or the one that it names. */
    accountSid: string;
  }
}

export function changeIn(
  database: Database,
  audit: AuditTrail,
  announce: (version: number) => void,
): Pick<RouteContext, "change" | "changeUnpublished" | "recordCommand"> {
  return {
    async change(work) {
      const { result, version } = await database.transaction((transaction) =>
        audit.record(transaction, async () => ({
          result: await work(transaction),
          // Last: it locks the one installation row until the commit.
          version: await bumpSnapshot(transaction),
        })),
      );
      announce(version);
      return result;
    },
    changeUnpublished: (work) =>
      database.transaction((transaction) => audit.record(transaction, () => work(transaction))),
    recordCommand: () =>
      database.transaction((transaction) => audit.record(transaction, async () => undefined)),
  };
}
