import { type DialingSettingsRow, findDialingSettings, updateDialingSettings } from "@tandem/database";
import Type, { type Static } from "typebox";
import { inheritedFrom } from "../../destinations/account-permissions.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { answers, OneOf } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";

const Default = OneOf(["open", "protected"]);

const Settings = Type.Object({
  dialing_permissions_inheritance: Type.Boolean(),
  url: Type.String(),
  tandem: Type.Object({ dialing_permissions_default: Default }),
});

const Parameters = Type.Partial(
  Type.Object({
    DialingPermissionsInheritance: Type.Boolean({
      description: "A subaccount's: the parent's permissions and lists hold.",
    }),
    DialingPermissionsDefault: Type.Unsafe<"open" | "protected">({
      ...Default,
      description: "For countries that were never set: all three switches on, or low-risk numbers only.",
    }),
  }),
);

const tags = ["dialing-permissions"];

/** Whose dialing permissions hold for the account, and what holds for countries that it has not set. */
export const dialingSettingsRoutes: Routes = (scope, context) => {
  const { database, publicUrl } = context;
  scope.get(
    "/Settings",
    { schema: { operationId: "FetchDialingPermissionsSettings", tags, response: answers(200, Settings) } },
    async (request) => present(found(await findDialingSettings(database, request.accountSid)), publicUrl),
  );

  scope.post(
    "/Settings",
    {
      schema: {
        operationId: "UpdateDialingPermissionsSettings",
        tags,
        body: Parameters,
        response: answers(202, Settings),
      },
    },
    async (request, reply) => {
      const { DialingPermissionsInheritance: inherits, DialingPermissionsDefault: preset } = request.body;
      const row = await context.change(async (transaction) => {
        const current = found(await findDialingSettings(transaction, request.accountSid));
        if (inherits === true && current.parent_account_sid === null) {
          throw new ApiError("invalidParameter", "The account has no parent to inherit from.");
        }
        return updateDialingSettings(transaction, request.accountSid, {
          inherits_dialing_permissions: inherits,
          dialing_permissions_default: preset,
        });
      });
      reply.code(202);
      return present(found(row), publicUrl);
    },
  );
};

function present(row: DialingSettingsRow, publicUrl: string): Static<typeof Settings> {
  return {
    dialing_permissions_inheritance: inheritedFrom(row) !== undefined,
    url: `${publicUrl}/v1/Settings`,
    tandem: { dialing_permissions_default: row.dialing_permissions_default },
  };
}
