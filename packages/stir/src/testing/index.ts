/** Authorities and certificates of telephone numbers for tests, made by the machine's openssl. */
export { StiAuthority, type StiIssued, type StiWishes } from "./sti-authority.ts";
