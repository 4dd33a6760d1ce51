import {
  holdConnection,
  type IpAccessControlListRow,
  ipAccessControlLists,
  type Transaction,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import { Nullable } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { checkNameable, connectionSidOf } from "../rules/connection-access.ts";
import { addAccountListRoutes } from "./account-list-routes.ts";

const IpAccessControlList = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  friendly_name: Type.String(),
  connection_sid: Nullable(
    Type.String({ description: "The addresses count only over this private line; null: over any way." }),
  ),
  date_created: Type.String(),
  date_updated: Type.String(),
  subresource_uris: Type.Object({ ip_addresses: Type.String() }),
  uri: Type.String(),
});
const CreateParameters = Type.Object({
  FriendlyName: Type.String({ minLength: 1, maxLength: nameLengths.accessControlList }),
  ConnectionSid: Type.Optional(
    Nullable(Type.String({ description: "An own or shared private line; empty: any way." })),
  ),
});
// The name is required here too, as in the compatible API, unless only our own parameter changes.
const UpdateParameters = Type.Partial(CreateParameters);

/** IP access control lists of an account. */
export const ipAccessControlListRoutes: Routes = (scope, context) => {
  addAccountListRoutes(
    {
      queries: ipAccessControlLists,
      name: "IpAccessControlList",
      key: "ip_access_control_lists",
      prefix: "AL",
      tag: "ip-access-control-lists",
      resource: IpAccessControlList,
      createParameters: CreateParameters,
      updateParameters: UpdateParameters,
      limit: context.limits.accessControlListsPerAccount,
      tooMany: "tooManyAccessControlLists",
      violations: {
        ip_access_control_lists_name: "duplicateAccessControlEntry",
        trunk_ip_access_control_lists_mapped: "accessControlListInUse",
      },
      valuesOf,
      checkValues: async (transaction, accountSid, { connection_sid: sid }) => {
        if (typeof sid === "string") await checkLine(transaction, accountSid, sid);
      },
      present,
    },
    scope,
    context,
  );
};

/** Throws 20001 when nothing is given. */
function valuesOf(body: Static<typeof UpdateParameters>) {
  if (body.FriendlyName === undefined && body.ConnectionSid === undefined) {
    throw new ApiError("invalidParameter", "FriendlyName must be given.");
  }
  return { friendly_name: body.FriendlyName, connection_sid: body.ConnectionSid };
}

/** The line stays usable until the list is written. */
async function checkLine(transaction: Transaction, accountSid: string, sid: string): Promise<void> {
  await checkNameable(transaction, accountSid, await holdConnection(transaction, connectionSidOf(sid)));
}

function present(row: IpAccessControlListRow): Static<typeof IpAccessControlList> {
  const uri = `${accountUri(row.account_sid)}/SIP/IpAccessControlLists/${row.sid}`;
  return {
    sid: row.sid,
    account_sid: row.account_sid,
    friendly_name: row.friendly_name,
    connection_sid: row.connection_sid,
    date_created: rfc2822(row.date_created),
    date_updated: rfc2822(row.date_updated),
    subresource_uris: { ip_addresses: `${uri}/IpAddresses.json` },
    uri: `${uri}.json`,
  };
}
