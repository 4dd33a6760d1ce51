import { type AlertRow, type AlertScope, findAlert, listAlerts } from "@tandem/database";
import type { FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import { isAboutExchange } from "../conventions/account-scope.ts";
import { found } from "../conventions/api-error.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, Nullable, OneOf, PathSids, SidText } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { timeSpanOf } from "../conventions/time-filters.ts";

const Alert = Type.Object({
  sid: Type.String(),
  account_sid: Nullable(Type.String()),
  alert_text: Type.String(),
  api_version: Type.String(),
  error_code: Type.String(),
  log_level: OneOf(["error", "warning"]),
  more_info: Type.String(),
  request_method: Type.Null(),
  request_url: Type.Null(),
  resource_sid: Nullable(Type.String({ description: "The call, or else the trunk." })),
  service_sid: Nullable(Type.String({ description: "The trunk." })),
  date_generated: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
  tandem: Type.Object({ gateway: Type.String(), call_sid: Nullable(Type.String()) }),
});

const date = Type.Optional(Type.String({ description: "Date or ISO 8601 date and time (UTC)." }));

const Filters = Type.Object({
  ...pageParameters,
  LogLevel: Type.Optional(OneOf(["error", "warning", "notice", "debug"])),
  StartDate: date,
  EndDate: date,
  ErrorCode: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 })),
  CallSid: Type.Optional(SidText("CA")),
  TrunkSid: Type.Optional(SidText("TK")),
});

const tags = ["alerts"];

/** Alerts of the caller's account; the operator also sees those that belong to none. */
export const alertRoutes: Routes = (scope, context) => {
  const present = presenter(context.publicUrl);

  scope.get(
    "/Alerts",
    {
      schema: {
        operationId: "ListAlert",
        tags,
        querystring: Filters,
        response: answers(200, ListV1("alerts", Alert)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const { LogLevel: level, ErrorCode, CallSid, TrunkSid, StartDate, EndDate } = request.query;
      const filters = {
        level: level === "error" || level === "warning" ? level : undefined,
        code: ErrorCode,
        callSid: CallSid,
        trunkSid: TrunkSid,
        generated: timeSpanOf("Date", { "Date>": StartDate, "Date<": EndDate }),
      };
      // Tandem has no alerts of the two lower levels.
      const isNone = level !== undefined && filters.level === undefined;
      const page = isNone
        ? { rows: [], hasPrevious: false, hasNext: false }
        : await listAlerts(context.database, scopeOf(request), filters, wanted.window);
      return pageV1(context.publicUrl, "alerts", wanted, page, present);
    },
  );

  scope.get(
    "/Alerts/:Sid",
    {
      schema: {
        operationId: "FetchAlert",
        tags,
        params: PathSids({ Sid: "NO" }),
        response: answers(200, Alert),
      },
    },
    async (request) =>
      present(found(await findAlert(context.database, scopeOf(request), request.params.Sid))),
  );
};

function scopeOf(request: FastifyRequest): AlertScope {
  return { accountSid: request.accountSid, withOwnerless: isAboutExchange(request) };
}

function presenter(publicUrl: string): (row: AlertRow) => Static<typeof Alert> {
  return (row) => ({
    sid: row.sid,
    account_sid: row.account_sid,
    alert_text: row.alert_text,
    api_version: "v1",
    error_code: String(row.code),
    log_level: row.level,
    more_info: `${publicUrl}/errors/${row.code}`,
    request_method: null,
    request_url: null,
    resource_sid: row.call_sid ?? row.trunk_sid,
    service_sid: row.trunk_sid,
    date_generated: iso8601(row.date_generated),
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_created),
    url: `${publicUrl}/v1/Alerts/${row.sid}`,
    tandem: { gateway: row.gateway, call_sid: row.call_sid },
  });
}
