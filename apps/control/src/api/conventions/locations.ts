/** Addresses of resources: absolute in v1, relative paths in 2010-04-01. */

export function trunkUrl(publicUrl: string, trunkSid: string): string {
  return `${publicUrl}/v1/Trunks/${trunkSid}`;
}

/** `/2010-04-01/Accounts/{AccountSid}`, without `.json`. */
export function accountUri(accountSid: string): string {
  return `/2010-04-01/Accounts/${accountSid}`;
}
