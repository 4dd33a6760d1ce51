import {
  type AuditChange,
  type AuditEventRow,
  type AuditField,
  findAuditEvent,
  listAuditEvents,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { type Asker, isAboutExchange } from "../conventions/account-scope.ts";
import { found } from "../conventions/api-error.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, Nullable, OneOf, PathSids } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { timeSpanOf } from "../conventions/time-filters.ts";

const Field = Type.Object({
  name: Type.String(),
  secret: Type.Boolean({ description: "It changed, and its values are nowhere in the log." }),
  before: Type.Unknown({ description: "Null: it was not set." }),
  after: Type.Unknown({ description: "Null: it is not set." }),
});

const Change = Type.Object({
  resource: Type.String({ description: "Kind of the object, `trunks`." }),
  resource_sid: Type.String({ description: "Its SID, or its name." }),
  operation: OneOf(["insert", "update", "delete"]),
  fields: Type.Array(Field),
});

const AuditEvent = Type.Object({
  sid: Type.String(),
  account_sid: Type.String({ description: "The account that the request was about." }),
  actor_sid: Type.String({ description: "The key that was used, or else the account." }),
  actor_account_sid: Type.String(),
  actor_type: OneOf(["account", "key", "operator"]),
  operation: Type.String({ description: "Of this document, `CreateTrunk`." }),
  method: Type.String(),
  path: Type.String(),
  resource_sid: Nullable(Type.String()),
  status: Type.Integer({ description: "The HTTP status." }),
  source_ip_address: Nullable(Type.String({ description: "Of the account's own requests only." })),
  event_date: Type.String(),
  changes: Type.Array(Change),
  url: Type.String(),
});

const date = Type.Optional(Type.String({ description: "Date or ISO 8601 date and time (UTC), inclusive." }));

const Filters = Type.Object({
  ...pageParameters,
  Since: date,
  Until: date,
  ResourceSid: Type.Optional(
    Type.String({ maxLength: 255, description: "Of the event, its path, or anything it changed." }),
  ),
});

const tags = ["audit"];

/** Events that concern the caller's account; everybody's for the operator. There is no way to write or delete any. */
export const auditEventRoutes: Routes = (scope, context) => {
  scope.get(
    "/AuditEvents",
    {
      schema: {
        operationId: "ListAuditEvent",
        tags,
        querystring: Filters,
        response: answers(200, ListV1("audit_events", AuditEvent)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const { Since, Until, ResourceSid } = request.query;
      const filters = {
        resourceSid: ResourceSid,
        date: timeSpanOf("Date", { "Date>": Since, "Date<": Until }),
      };
      const page = await listAuditEvents(context.database, scopeOf(request), filters, wanted.window);
      const present = presenter(context.publicUrl, request);
      return pageV1(context.publicUrl, "audit_events", wanted, page, present);
    },
  );

  scope.get(
    "/AuditEvents/:Sid",
    {
      schema: {
        operationId: "FetchAuditEvent",
        tags,
        params: PathSids({ Sid: "AE" }),
        response: answers(200, AuditEvent),
      },
    },
    async (request) => {
      const row = await findAuditEvent(context.database, scopeOf(request), request.params.Sid);
      return presenter(context.publicUrl, request)(found(row));
    },
  );
};

function scopeOf(asker: Asker): { accountSid: string | undefined } {
  return { accountSid: isAboutExchange(asker) ? undefined : asker.accountSid };
}

function presenter(publicUrl: string, viewer: Asker): (row: AuditEventRow) => Static<typeof AuditEvent> {
  return (row) => {
    // Who else acted on the account shows, but not from where, nor what belongs to others.
    const isOwn = viewer.caller.isOperator || isOf(viewer, row.actor_account_sid);
    return {
      sid: row.sid,
      account_sid: row.account_sid,
      actor_sid: (isOwn ? row.actor_key_sid : null) ?? row.actor_account_sid,
      actor_account_sid: row.actor_account_sid,
      actor_type: actorType(row),
      operation: row.operation,
      method: row.method,
      path: row.path,
      resource_sid: row.resource_sid,
      status: row.status,
      source_ip_address: isOwn ? row.source_address : null,
      event_date: iso8601(row.event_date),
      changes: row.changes.filter((change) => isOwn || isOnlyOf(change, viewer, row)).map(presentChange),
      url: `${publicUrl}/v1/AuditEvents/${row.sid}`,
    };
  };
}

function actorType(row: AuditEventRow): Static<typeof AuditEvent>["actor_type"] {
  if (row.actor_is_operator) return "operator";
  return row.actor_key_sid === null ? "account" : "key";
}

/** Rows without an owner belong to the account that the request was about. */
function isOnlyOf(change: AuditChange, viewer: Asker, row: AuditEventRow): boolean {
  const owners = change.account_sids.length === 0 ? [row.account_sid] : change.account_sids;
  return owners.every((sid) => isOf(viewer, sid));
}

function isOf({ caller, accountSid }: Asker, sid: string): boolean {
  return sid === accountSid || sid === caller.accountSid;
}

function presentChange({ resource, resource_sid, operation, fields }: AuditChange): Static<typeof Change> {
  return { resource, resource_sid, operation, fields: fields.map(presentField) };
}

/** As the interface calls it: `password`, not the column that holds it sealed. */
function presentField({ name, secret, before, after }: AuditField): Static<typeof Field> {
  return { name: secret ? name.replace(/_(hash|encrypted)$/, "") : name, secret, before, after };
}
