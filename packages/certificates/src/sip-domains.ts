const sipScheme = /^uri:sip:/;
const dnsType = /^dns:/;
/** No user before it, and no quote behind it. */
const hostPattern = /^[a-z0-9.-]+$/;

/**
 * Domains that a certificate speaks for, in lower case (RFC 5922 §7.1): the hosts of its `sip:` URIs without a user, and its
 * DNS names only if there is no such URI. The common name never counts.
 * @param subjectAlternativeNames as Node writes them: `DNS:a.test, URI:sip:a.test`
 */
export function sipDomainsOf(subjectAlternativeNames: string | undefined): readonly string[] {
  // Node quotes names that hold a comma, so that a split makes no item that was not there.
  const names = subjectAlternativeNames?.toLowerCase().split(", ") ?? [];
  const uris = names.filter((name) => sipScheme.test(name)).map((name) => name.replace(sipScheme, ""));
  const hosts = uris.map((rest) => rest.replace(/[:;?].*$/, "")).filter((host) => hostPattern.test(host));
  if (hosts.length > 0) return hosts;
  return names.filter((name) => dnsType.test(name)).map((name) => name.replace(dnsType, ""));
}
