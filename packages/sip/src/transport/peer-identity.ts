import { checkServerIdentity, type PeerCertificate } from "node:tls";

const sipUriPrefix = "uri:sip:";
const hostPattern = /^[a-z0-9.-]+$/;

/**
 * Whether the certificate belongs to the SIP domain (RFC 5922 §7.2), without regard to case: a URI "sip:domain" of its
 * subjectAltName, or a DNS name, but that only where there is no such URI (§7.1). Returns the reason against it, or undefined.
 *
 * Deviation: RFC 5922 §7.2 knows no wildcards; "*.example.com" is taken for one label, since public certificates
 * of SIP providers are made so.
 */
export function checkPeerIdentity(serverName: string, certificate: PeerCertificate): Error | undefined {
  const domains = sipDomains(certificate.subjectaltname);
  if (domains.includes(serverName.toLowerCase())) return undefined;
  if (domains.length === 0) return checkServerIdentity(serverName, certificate);
  const text = `${serverName} is none of the SIP domains of the certificate: ${domains.join(", ")}`;
  return Object.assign(new Error(text), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
}

function sipDomains(subjectAlternativeNames: string | undefined): string[] {
  // Node quotes names that hold a comma, so that a split makes no item that was not there.
  const names = subjectAlternativeNames?.toLowerCase().split(", ") ?? [];
  const uris = names.filter((name) => name.startsWith(sipUriPrefix));
  // One with a user is a person's, and one with a quote a part of another name.
  return uris.map((name) => name.slice(sipUriPrefix.length)).filter((host) => hostPattern.test(host));
}
