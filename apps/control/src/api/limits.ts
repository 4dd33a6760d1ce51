/** Every limit of the resources, in one place; `ApiDependencies.limits` can replace single ones. */
export interface ResourceLimits {
  readonly trunksPerAccount: number;
  readonly originationUrlsPerTrunk: number;
  readonly accessControlListsPerAccount: number;
  readonly addressesPerAccessControlList: number;
  readonly credentialListsPerAccount: number;
  readonly credentialsPerList: number;
  readonly subaccountsPerAccount: number;
  readonly keysPerAccount: number;
  readonly connectionsPerAccount: number;
  readonly ipRoutesPerConnection: number;
  readonly sharesPerConnection: number;
  readonly headerPoliciesPerAccount: number;
  readonly callerIdsPerAccount: number;
  /** In each of its lists of prefixes. */
  readonly prefixesPerAccount: number;
  /** In each list of prefixes for all accounts; a gateway makes its index anew at a change. */
  readonly prefixesOfExchange: number;
}

export const resourceLimits: ResourceLimits = {
  trunksPerAccount: 100,
  originationUrlsPerTrunk: 10,
  accessControlListsPerAccount: 1000,
  addressesPerAccessControlList: 25,
  credentialListsPerAccount: 100,
  credentialsPerList: 1000,
  subaccountsPerAccount: 1000,
  keysPerAccount: 100,
  connectionsPerAccount: 100,
  ipRoutesPerConnection: 64,
  sharesPerConnection: 100,
  headerPoliciesPerAccount: 1000,
  callerIdsPerAccount: 1000,
  prefixesPerAccount: 1000,
  prefixesOfExchange: 5000,
};

/** Bytes of a request's body. */
export const maximumBodyBytes = 65_536;

/** Characters of names; the reference system's numbers. */
export const nameLengths = {
  trunk: 64,
  originationUrl: 64,
  credentialList: 64,
  accessControlList: 255,
  ipAddress: 255,
  account: 64,
  key: 64,
  connection: 64,
  headerPolicy: 64,
  phoneNumber: 64,
  callerId: 64,
  prefix: 64,
} as const;

export const credentialRules = {
  maximumUsernameLength: 32,
  minimumPasswordLength: 12,
  maximumPasswordLength: 128,
} as const;

/** Failed authentications in a window before 429: per address and user name, and per address. */
export const failedAuthenticationLimits = {
  windowMs: 60_000,
  perUsername: 10,
  perAddress: 100,
  maximumTrackedKeys: 10_000,
} as const;

/** Requests of one caller, an API key or an account's own token, before 429. */
export const requestRateLimits = {
  perSecond: 100,
  burst: 1000,
  maximumTrackedCallers: 10_000,
} as const;
