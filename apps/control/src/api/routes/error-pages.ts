import { reasonByCode, restErrorByCode } from "@tandem/reasons";
import Type from "typebox";
import { found } from "../conventions/api-error.ts";
import type { Routes } from "../conventions/route-scope.ts";

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
        response: { 200: Type.Object({ code: Type.Integer(), name: Type.String(), text: Type.String() }) },
      },
    },
    async (request) => {
      const { code, name, text } = found(
        restErrorByCode(request.params.Code) ?? reasonByCode(request.params.Code),
      );
      return { code, name, text };
    },
  );
};
