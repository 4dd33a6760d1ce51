import { checkServerIdentity, type PeerCertificate } from "node:tls";

const sipUriPrefix = "uri:sip:";

/**
 * Whether the certificate belongs to the SIP domain (RFC 5922 §7.2): a URI "sip:domain" or a DNS name of its
 * subjectAltName, without regard to case. Returns the reason against it, or undefined.
 *
 * Deviation: RFC 5922 §7.2 knows no wildcards; "*.example.com" is taken for one label, since public certificates
 * of SIP providers are made so.
 */
export function checkPeerIdentity(serverName: string, certificate: PeerCertificate): Error | undefined {
  const domains = sipDomains(certificate.subjectaltname);
  if (domains.includes(serverName.toLowerCase())) return undefined;
  if (domains.length === 0) return checkServerIdentity(serverName, certificate);
  // RFC 5922 §7.1: the common name counts only where subjectAltName names nobody; Node does not know of SIP URIs.
  return checkServerIdentity(serverName, { ...certificate, subject: { ...certificate.subject, CN: "" } });
}

function sipDomains(subjectAlternativeNames: string | undefined): string[] {
  // Node quotes names that hold a comma, so that a split makes no item that was not there.
  const names = subjectAlternativeNames?.toLowerCase().split(", ") ?? [];
  return names.filter((name) => name.startsWith(sipUriPrefix)).map((name) => name.slice(sipUriPrefix.length));
}
