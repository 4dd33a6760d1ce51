import { type Reason, reasonByCode, restErrorByCode } from "@tandem/reasons";
import Type from "typebox";
import { found } from "../conventions/api-error.ts";
import { Nullable, OneOf } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";

const ofCallsOnly = { description: "Null: the code is none of a call's." };

const ErrorPage = Type.Object({
  code: Type.Integer(),
  name: Type.String(),
  text: Type.String(),
  blame: Nullable(Type.String({ description: "Whose doing it is." })),
  level: Nullable(OneOf(["error", "warning"])),
  retryable: Nullable(Type.Boolean(ofCallsOnly)),
  sip_status: Nullable(Type.Integer()),
  reason_phrase: Nullable(Type.String()),
  q850_cause: Nullable(Type.Integer()),
});

/** What `more_info` points to: the catalogue's words about a code. Needs no authentication. */
export const errorPageRoutes: Routes = (scope) => {
  scope.get(
    "/errors/:Code",
    {
      schema: {
        operationId: "FetchError",
        tags: ["errors"],
        security: [],
        params: Type.Object({ Code: Type.Integer({ minimum: 1 }) }),
        response: { 200: ErrorPage },
      },
    },
    async (request) => {
      const { Code: code } = request.params;
      const reason = reasonByCode(code);
      const { name, text } = found(restErrorByCode(code) ?? reason);
      return { code, name, text, ...ofCalls(reason) };
    },
  );
};

const ofNoCall = {
  blame: null,
  level: null,
  retryable: null,
  sip_status: null,
  reason_phrase: null,
  q850_cause: null,
};

function ofCalls(reason: Reason | undefined) {
  if (reason === undefined) return ofNoCall;
  return {
    blame: reason.blame,
    level: reason.level,
    retryable: reason.isRetryable,
    sip_status: reason.statusCode ?? null,
    reason_phrase: reason.reasonPhrase || null,
    q850_cause: reason.q850Cause ?? null,
  };
}
