/** Certificates for tests, made by the machine's openssl. */
export { type IssuedCertificate, TestAuthority } from "./test-authority.ts";
