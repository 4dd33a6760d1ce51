import {
  blockedPrefixes,
  createSid,
  doNotOriginatePrefixes,
  lockAccount,
  type NumberPrefixes,
  type NumberPrefixRow,
  type PrefixOwner,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { type Asker, isAboutExchange } from "../conventions/account-scope.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, Nullable, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";
import { checkNumberPrefix } from "../rules/number-prefix.ts";

const CreateParameters = Type.Object({
  Prefix: Type.String({ description: "+ and 1 to 15 digits." }),
  FriendlyName: Type.Optional(Type.String({ maxLength: nameLengths.prefix })),
  AllAccounts: Type.Optional(Type.Boolean({ description: "For every account; the operator's." })),
});

const NumberPrefix = Type.Object({
  sid: Type.String(),
  account_sid: Nullable(Type.String({ description: "Null: it holds for every account." })),
  prefix: Type.String(),
  friendly_name: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
});

interface PrefixList {
  readonly queries: NumberPrefixes;
  /** `BlockedPrefixes`. */
  readonly segment: string;
  /** `BlockedPrefix`, for operation ids. */
  readonly name: string;
  readonly key: string;
  readonly sidPrefix: string;
  /** Of the database, against a prefix that is there already. */
  readonly constraint: string;
}

const tags = ["dialing-permissions"];

/** Called numbers that are refused. */
export const blockedPrefixRoutes: Routes = prefixRoutes({
  queries: blockedPrefixes,
  segment: "BlockedPrefixes",
  name: "BlockedPrefix",
  key: "blocked_prefixes",
  sidPrefix: "DB",
  constraint: "blocked_prefixes_prefix",
});

/** Calling numbers that are refused. */
export const doNotOriginatePrefixRoutes: Routes = prefixRoutes({
  queries: doNotOriginatePrefixes,
  segment: "DoNotOriginatePrefixes",
  name: "DoNotOriginatePrefix",
  key: "do_not_originate_prefixes",
  sidPrefix: "DN",
  constraint: "do_not_originate_prefixes_prefix",
});

function prefixRoutes(list: PrefixList): Routes {
  return (scope, context) => {
    readRoutes(list)(scope, context);
    writeRoutes(list)(scope, context);
  };
}

function readRoutes({ queries, segment, name, key, sidPrefix }: PrefixList): Routes {
  return (scope, { database, publicUrl }) => {
    const present = presenter(publicUrl, segment);
    scope.get(
      `/DialingPermissions/${segment}`,
      {
        schema: {
          operationId: `List${name}`,
          tags,
          querystring: Type.Object(pageParameters),
          response: answers(200, ListV1(key, NumberPrefix)),
        },
      },
      async (request) => {
        const wanted = pageRequestOf(request);
        const page = await queries.list(database, ownerOf(request), wanted.window);
        return pageV1(publicUrl, key, wanted, page, present);
      },
    );

    scope.get(
      `/DialingPermissions/${segment}/:Sid`,
      {
        schema: {
          operationId: `Fetch${name}`,
          tags,
          params: PathSids({ Sid: sidPrefix }),
          response: answers(200, NumberPrefix),
        },
      },
      async (request) => present(found(await queries.find(database, ownerOf(request), request.params.Sid))),
    );
  };
}

function writeRoutes(list: PrefixList): Routes {
  const { queries, segment, name, sidPrefix } = list;
  return (scope, context) => {
    scope.post(
      `/DialingPermissions/${segment}`,
      {
        schema: {
          operationId: `Create${name}`,
          tags,
          body: CreateParameters,
          response: answers(201, NumberPrefix),
        },
      },
      async (request, reply) => {
        const { AllAccounts: isForAll = false } = request.body;
        if (isForAll) requireOperator(request.caller);
        if (isForAll && !isAboutExchange(request)) {
          throw new ApiError("forbidden", "What is asked for one account is not for all.");
        }
        const row = await create(context, list, isForAll ? null : request.accountSid, request);
        reply.code(201);
        return presenter(context.publicUrl, segment)(row);
      },
    );

    scope.delete(
      `/DialingPermissions/${segment}/:Sid`,
      {
        schema: {
          operationId: `Delete${name}`,
          tags,
          params: PathSids({ Sid: sidPrefix }),
          response: answersNothing,
        },
      },
      async (request, reply) => {
        await context.change(async (transaction) => {
          if (!(await queries.delete(transaction, ownerOf(request), request.params.Sid))) {
            throw new ApiError("notFound");
          }
        });
        return reply.code(204).send();
      },
    );
  };
}

function create(
  context: RouteContext,
  { queries, sidPrefix, constraint }: PrefixList,
  owner: string | null,
  request: { readonly accountSid: string; readonly body: Static<typeof CreateParameters> },
): Promise<NumberPrefixRow> {
  const { Prefix: prefix, FriendlyName: friendlyName = "" } = request.body;
  checkNumberPrefix(prefix);
  const { prefixesOfExchange, prefixesPerAccount } = context.limits;
  return context.change(async (transaction) => {
    // Those for all accounts are counted under the lock of the operator's account.
    await lockAccount(transaction, request.accountSid);
    const limit = owner === null ? prefixesOfExchange : prefixesPerAccount;
    checkLimit(await queries.count(transaction, owner), limit, "tooManyNumberPrefixes");
    return refusing({ [constraint]: "conflict" }, () =>
      queries.insert(transaction, {
        sid: createSid(sidPrefix),
        account_sid: owner,
        prefix,
        friendly_name: friendlyName,
      }),
    );
  });
}

/** The operator sees and ends those for all accounts too. */
function ownerOf(asker: Asker): PrefixOwner {
  return { accountSid: asker.accountSid, withExchange: isAboutExchange(asker) };
}

function presenter(
  publicUrl: string,
  segment: string,
): (row: NumberPrefixRow) => Static<typeof NumberPrefix> {
  return (row) => ({
    sid: row.sid,
    account_sid: row.account_sid,
    prefix: row.prefix,
    friendly_name: row.friendly_name,
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${publicUrl}/v1/DialingPermissions/${segment}/${row.sid}`,
  });
}
