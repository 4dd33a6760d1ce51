import { type CredentialListRow, countCredentials, credentialLists, type Queryable } from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import { OneOf } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { addAccountListRoutes } from "./account-list-routes.ts";

const DigestAlgorithm = OneOf(["MD5", "SHA-256"]);

const CredentialList = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  friendly_name: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  subresource_uris: Type.Object({ credentials: Type.String() }),
  uri: Type.String(),
  tandem: Type.Object({ digest_algorithm: DigestAlgorithm }),
});
const FriendlyName = Type.String({ minLength: 1, maxLength: nameLengths.credentialList });
const CreateParameters = Type.Object({ FriendlyName, DigestAlgorithm: Type.Optional(DigestAlgorithm) });
const UpdateParameters = Type.Partial(CreateParameters);

/** Credential lists of an account. */
export const credentialListRoutes: Routes = (scope, context) => {
  addAccountListRoutes(
    {
      queries: credentialLists,
      name: "CredentialList",
      key: "credential_lists",
      prefix: "CL",
      tag: "credential-lists",
      resource: CredentialList,
      createParameters: CreateParameters,
      updateParameters: UpdateParameters,
      limit: context.limits.credentialListsPerAccount,
      tooMany: "tooManyCredentialLists",
      violations: {
        credential_lists_name: "duplicateCredential",
        trunk_credential_lists_mapped: "credentialListInUse",
      },
      valuesOf,
      checkChange,
      present,
    },
    scope,
    context,
  );
};

type Values = Partial<Pick<CredentialListRow, "friendly_name" | "algorithm">>;

function valuesOf(body: Static<typeof UpdateParameters>): Values {
  return {
    ...(body.FriendlyName === undefined ? {} : { friendly_name: body.FriendlyName }),
    ...(body.DigestAlgorithm === undefined ? {} : { algorithm: body.DigestAlgorithm }),
  };
}

/** Only HA1 values are kept, and they are of one algorithm: it is fixed while the list has credentials. */
async function checkChange(
  database: Queryable,
  row: CredentialListRow,
  changes: { algorithm?: string | undefined },
) {
  if (changes.algorithm === undefined || changes.algorithm === row.algorithm) return;
  if ((await countCredentials(database, row.sid)) === 0) return;
  throw new ApiError("conflict", "DigestAlgorithm is fixed while the list has credentials.");
}

function present(row: CredentialListRow): Static<typeof CredentialList> {
  const uri = `${accountUri(row.account_sid)}/SIP/CredentialLists/${row.sid}`;
  return {
    sid: row.sid,
    account_sid: row.account_sid,
    friendly_name: row.friendly_name,
    date_created: rfc2822(row.date_created),
    date_updated: rfc2822(row.date_updated),
    subresource_uris: { credentials: `${uri}/Credentials.json` },
    uri: `${uri}.json`,
    tandem: { digest_algorithm: row.algorithm },
  };
}
