import { type IpAccessControlListRow, ipAccessControlLists } from "@tandem/database";
import Type, { type Static } from "typebox";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { addAccountListRoutes } from "./account-list-routes.ts";

const IpAccessControlList = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  friendly_name: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  subresource_uris: Type.Object({ ip_addresses: Type.String() }),
  uri: Type.String(),
});
const Parameters = Type.Object({
  FriendlyName: Type.String({ minLength: 1, maxLength: nameLengths.accessControlList }),
});

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
      createParameters: Parameters,
      updateParameters: Parameters,
      limit: context.limits.accessControlListsPerAccount,
      tooMany: "tooManyAccessControlLists",
      violations: {
        ip_access_control_lists_name: "duplicateAccessControlEntry",
        trunk_ip_access_control_lists_mapped: "accessControlListInUse",
      },
      valuesOf: (body: Static<typeof Parameters>) => ({ friendly_name: body.FriendlyName }),
      present,
    },
    scope,
    context,
  );
};

function present(row: IpAccessControlListRow): Static<typeof IpAccessControlList> {
  const uri = `${accountUri(row.account_sid)}/SIP/IpAccessControlLists/${row.sid}`;
  return {
    sid: row.sid,
    account_sid: row.account_sid,
    friendly_name: row.friendly_name,
    date_created: rfc2822(row.date_created),
    date_updated: rfc2822(row.date_updated),
    subresource_uris: { ip_addresses: `${uri}/IpAddresses.json` },
    uri: `${uri}.json`,
  };
}
