/**
 * Termination names: `{label}.pstn.{base domain}`, letters, digits and hyphens, unique in the installation. A label
 * with a dot is a sub-domain: `a.b` needs a trunk with `b` in the same or the parent account.
 */
import { findAccount, findDomainOwner, type Queryable } from "@tandem/database";
import { ApiError } from "../conventions/api-error.ts";

/** RFC 1035 §2.3.1 with the digits of RFC 1123 §2.1. */
const labelPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** RFC 1035 §2.3.4, as text without the final dot. */
const maximumNameLength = 253;

/** Lower-case label of a domain name; null stands for none. Throws 91101. */
export function domainLabelOf(domainName: string | null, baseDomain: string): string | null {
  if (domainName === null) return null;
  const suffix = `.pstn.${baseDomain}`.toLowerCase();
  const name = domainName.toLowerCase();
  const label = name.endsWith(suffix) ? name.slice(0, -suffix.length) : "";
  if (name.length > maximumNameLength || !labelPattern.test(label)) {
    throw new ApiError("invalidDomainName", `It must end in ${suffix}.`);
  }
  return label;
}

/** The domain name of a label. */
export function domainNameOf(label: string | null, baseDomain: string): string | null {
  return label === null ? null : `${label}.pstn.${baseDomain}`;
}

/** Throws 91102 without a parent domain, 21245 when it is another account's. */
export async function checkParentDomain(
  database: Queryable,
  accountSid: string,
  label: string,
): Promise<void> {
  const dot = label.indexOf(".");
  if (dot === -1) return;
  const owner = await findDomainOwner(database, label.slice(dot + 1));
  if (owner === undefined) throw new ApiError("parentDomainMissing");
  if (owner.account_sid === accountSid) return;
  const account = await findAccount(database, accountSid);
  if (account?.parent_account_sid !== owner.account_sid) throw new ApiError("alreadyAttached");
}
