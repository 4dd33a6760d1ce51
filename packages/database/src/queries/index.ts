/** Typed queries of the resources of the REST interface. */
export { accessTokenMatches, createAccessToken, hashAccessToken } from "./access-token.ts";
export type { AccountLists, AttachableLists, AttachedListRow, ListRow } from "./account-lists.ts";
export {
  type AccountRow,
  type AccountStatus,
  type CallerRow,
  countSubaccounts,
  findAccount,
  findCaller,
  insertAccount,
  listAccounts,
  lockAccount,
  type NewAccount,
  updateAccount,
} from "./accounts.ts";
export {
  type ApiKeyRow,
  countApiKeys,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  listApiKeys,
  type NewApiKey,
  renameApiKey,
} from "./api-keys.ts";
export type { ColumnValues } from "./assignments.ts";
export {
  type CredentialListRow,
  type CredentialRow,
  countCredentials,
  credentialLists,
  deleteCredential,
  findCredential,
  insertCredential,
  listCredentials,
  type NewCredential,
  replaceHa1,
} from "./credential-lists.ts";
export {
  countHeaderPolicies,
  deleteHeaderPolicy,
  findHeaderPolicy,
  type HeaderPolicyRow,
  insertHeaderPolicy,
  listHeaderPolicies,
  updateHeaderPolicy,
} from "./header-policies.ts";
export {
  deleteIncomingPhoneNumber,
  findIncomingPhoneNumber,
  type IncomingPhoneNumberRow,
  type IncomingPhoneNumberValues,
  insertIncomingPhoneNumber,
  listIncomingPhoneNumbers,
  lockIncomingPhoneNumber,
  type PhoneNumberFilters,
  updateIncomingPhoneNumber,
} from "./incoming-phone-numbers.ts";
export {
  countIpAddresses,
  deleteIpAddress,
  findIpAddress,
  type IpAccessControlListRow,
  type IpAddressRow,
  type IpAddressValues,
  insertIpAddress,
  ipAccessControlLists,
  listIpAddresses,
  updateIpAddress,
} from "./ip-access-control-lists.ts";
export {
  countOriginationUrls,
  deleteOriginationUrl,
  edgeExists,
  findOriginationUrl,
  insertOriginationUrl,
  listOriginationUrls,
  type OriginationUrlRow,
  type OriginationUrlValues,
  updateOriginationUrl,
} from "./origination-urls.ts";
export {
  type CallerIdFilters,
  countOutgoingCallerIds,
  deleteOutgoingCallerId,
  findOutgoingCallerId,
  insertOutgoingCallerId,
  listOutgoingCallerIds,
  type OutgoingCallerIdRow,
  renameOutgoingCallerId,
} from "./outgoing-caller-ids.ts";
export { type ListStatement, type Page, type PageWindow, selectPage } from "./page.ts";
export {
  countTrunks,
  deleteTrunk,
  findDomainOwner,
  findTrunk,
  insertTrunk,
  listTrunks,
  lockTrunk,
  type TrunkRow,
  type TrunkValues,
  updateTrunk,
} from "./trunks.ts";
