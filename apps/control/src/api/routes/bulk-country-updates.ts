import { lockAccount, putDialingPermission, type Transaction } from "@tandem/database";
import Type from "typebox";
import { accountPermissions } from "../../destinations/account-permissions.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { answers } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { type CountryUpdate, countryUpdatesOf } from "../rules/country-updates.ts";

const BulkCountryUpdate = Type.Object({ update_count: Type.Integer(), update_request: Type.String() });

/** Sets switches of countries, all of them or none. */
export const bulkCountryUpdateRoutes: Routes = (scope, context) => {
  scope.post(
    "/DialingPermissions/BulkCountryUpdates",
    {
      schema: {
        operationId: "CreateDialingPermissionsCountryBulkUpdate",
        tags: ["dialing-permissions"],
        body: Type.Object({
          UpdateRequest: Type.String({
            description:
              "JSON array of objects with iso_code and any of low_risk_numbers_enabled, high_risk_special_numbers_enabled, high_risk_tollfraud_numbers_enabled.",
          }),
        }),
        response: answers(201, BulkCountryUpdate),
      },
    },
    async (request, reply) => {
      const { UpdateRequest: text } = request.body;
      const updates = countryUpdatesOf(text);
      await context.change((transaction) => apply(transaction, request.accountSid, updates));
      reply.code(201);
      return { update_count: updates.length, update_request: text };
    },
  );
};

async function apply(
  transaction: Transaction,
  accountSid: string,
  updates: readonly CountryUpdate[],
): Promise<void> {
  await lockAccount(transaction, accountSid);
  const { areOwn, byCountry } = found(await accountPermissions(transaction, accountSid));
  if (!areOwn) throw new ApiError("permissionsInherited");
  for (const { isoCode, switches } of updates) {
    const { low_risk, high_risk_special, high_risk_toll_fraud } = {
      ...found(byCountry.get(isoCode)),
      ...switches,
    };
    await putDialingPermission(transaction, {
      account_sid: accountSid,
      iso_code: isoCode,
      low_risk,
      high_risk_special,
      high_risk_toll_fraud,
    });
  }
}
