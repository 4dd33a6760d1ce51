import {
  countTrunks,
  createSid,
  deleteTrunk,
  findTrunk,
  insertTrunk,
  listTrunks,
  lockAccount,
  lockTrunk,
  type TrunkRow,
  type TrunkValues,
  updateTrunk,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { codecsOf } from "../rules/codecs.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";
import { checkParentDomain, domainLabelOf } from "../rules/domain-name.ts";
import { readFailoverOverrides } from "../rules/failover-overrides.ts";
import { tlsPeerValuesOf } from "../rules/tls-peer.ts";
import { presentTrunk, Trunk, TrunkParameters } from "./trunk-resource.ts";

const params = PathSids({ Sid: "TK" });
const tags = ["trunks"];

const nameTaken = {
  trunks_domain_label_key: "domainNameTaken",
  trunks_termination_header_policy: "headerPolicyNotFound",
  trunks_origination_header_policy: "headerPolicyNotFound",
} as const;
// The database refuses both ends of the reference from a sub-domain to its parent; which end is meant, we know.
const parentGone = { ...nameTaken, trunks_parent_domain_label_fkey: "parentDomainMissing" } as const;
const subdomainsCame = { ...nameTaken, trunks_parent_domain_label_fkey: "domainHasSubdomains" } as const;

/** Trunks of the caller's account. */
export const trunkRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, context) => {
  const present = (row: TrunkRow) => presentTrunk(row, context.publicUrl, context.baseDomain);

  scope.get(
    "/Trunks",
    {
      schema: {
        operationId: "ListTrunk",
        tags,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("trunks", Trunk)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const page = await listTrunks(context.database, request.accountSid, wanted.window);
      return pageV1(context.publicUrl, "trunks", wanted, page, present);
    },
  );

  scope.get(
    "/Trunks/:Sid",
    { schema: { operationId: "FetchTrunk", tags, params, response: answers(200, Trunk) } },
    async (request) =>
      present(found(await findTrunk(context.database, request.accountSid, request.params.Sid))),
  );
};

const addWrites: Routes = (scope, context) => {
  const present = (row: TrunkRow) => presentTrunk(row, context.publicUrl, context.baseDomain);

  scope.post(
    "/Trunks",
    { schema: { operationId: "CreateTrunk", tags, body: TrunkParameters, response: answers(201, Trunk) } },
    async (request, reply) => {
      reply.code(201);
      return present(await createTrunk(context, request.accountSid, request.body));
    },
  );

  scope.post(
    "/Trunks/:Sid",
    {
      schema: {
        operationId: "UpdateTrunk",
        tags,
        params,
        body: TrunkParameters,
        response: answers(200, Trunk),
      },
    },
    async (request) =>
      present(await changeTrunk(context, request.accountSid, request.params.Sid, request.body)),
  );

  scope.delete(
    "/Trunks/:Sid",
    { schema: { operationId: "DeleteTrunk", tags, params, response: answersNothing } },
    async (request, reply) => {
      await context.change(async (transaction) => {
        const trunk = found(await findTrunk(transaction, request.accountSid, request.params.Sid));
        await refusing(subdomainsCame, () => deleteTrunk(transaction, trunk.sid));
      });
      return reply.code(204).send();
    },
  );
};

type Parameters = Static<typeof TrunkParameters>;

function createTrunk(context: RouteContext, accountSid: string, body: Parameters): Promise<TrunkRow> {
  return context.change(async (transaction) => {
    await lockAccount(transaction, accountSid);
    checkLimit(await countTrunks(transaction, accountSid), context.limits.trunksPerAccount, "tooManyTrunks");
    const values = valuesOf(body, context.baseDomain, undefined);
    if (typeof values.domain_label === "string")
      await checkParentDomain(transaction, accountSid, values.domain_label);
    const sid = createSid("TK");
    await refusing(parentGone, () => insertTrunk(transaction, { sid, account_sid: accountSid }, values));
    return found(await findTrunk(transaction, accountSid, sid));
  });
}

function changeTrunk(
  context: RouteContext,
  accountSid: string,
  sid: string,
  body: Parameters,
): Promise<TrunkRow> {
  return context.change(async (transaction) => {
    await lockTrunk(transaction, accountSid, sid);
    const trunk = found(await findTrunk(transaction, accountSid, sid));
    const values = valuesOf(body, context.baseDomain, trunk);
    const label = values.domain_label;
    if (typeof label === "string" && label !== trunk.domain_label) {
      await checkParentDomain(transaction, accountSid, label);
    }
    await refusing(subdomainsCame, () => updateTrunk(transaction, sid, values));
    return found(await findTrunk(transaction, accountSid, sid));
  });
}

function valuesOf(body: Parameters, baseDomain: string, current: TrunkRow | undefined): TrunkValues {
  return {
    friendly_name: body.FriendlyName,
    domain_label: body.DomainName === undefined ? undefined : domainLabelOf(body.DomainName, baseDomain),
    disaster_recovery_url: body.DisasterRecoveryUrl,
    disaster_recovery_method: body.DisasterRecoveryMethod,
    transfer_mode: body.TransferMode,
    transfer_caller_id: body.TransferCallerId,
    secure: body.Secure,
    cnam_lookup_enabled: body.CnamLookupEnabled,
    source_policy: sourcePolicyOf(body, current),
    calls_per_second: body.CallsPerSecond,
    concurrent_calls: body.ConcurrentCalls,
    first_response_seconds: body.FirstResponseSeconds,
    progress_seconds: body.ProgressSeconds,
    ring_seconds: body.RingSeconds,
    failover_overrides:
      body.FailoverOverrides === undefined ? undefined : readFailoverOverrides(body.FailoverOverrides),
    maximum_duration_seconds: body.MaximumDurationSeconds,
    media_dscp: body.MediaDscp,
    codecs: codecsOf(body.Codecs),
    termination_header_policy_sid: body.TerminationHeaderPolicySid,
    origination_header_policy_sid: body.OriginationHeaderPolicySid,
    caller_id_policy: body.CallerIdPolicy,
    ...tlsPeerValuesOf(body, current),
  };
}

/** `SymmetricRtpEnabled` is the compatible name for one of the three policies. */
function sourcePolicyOf(body: Parameters, current: TrunkRow | undefined): TrunkValues["source_policy"] {
  const { SourcePolicy: policy, SymmetricRtpEnabled: isSymmetric } = body;
  if (isSymmetric === undefined) return policy;
  if (policy !== undefined && (policy === "symmetric") !== isSymmetric) {
    throw new ApiError("validationFailed", "SymmetricRtpEnabled and SourcePolicy contradict each other.");
  }
  if (isSymmetric) return "symmetric";
  return policy ?? (current?.source_policy === "symmetric" ? "address" : undefined);
}
