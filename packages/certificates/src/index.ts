/** What a PEM text of certificates and keys is worth, and whose a certificate is (RFC 5922). Pure. */
export { type ClientVerdict, judgeClient, type WantedClient } from "./judge-client.ts";
export { keyPairFault } from "./key-pair.ts";
export {
  authorityListLimits,
  type PemCertificates,
  type PemLimits,
  parseCertificates,
  pemLimits,
} from "./pem-certificates.ts";
export { sipDomainsOf } from "./sip-domains.ts";
