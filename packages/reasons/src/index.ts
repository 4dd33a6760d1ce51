/** The catalogue of call reasons and REST errors. A leaf: everyone may import it. */
export type { ReasonName } from "./catalogue.ts";
export { reasonByCode, reasons } from "./catalogue.ts";
export type { Blame, Reason, ReasonLevel } from "./reason.ts";
export type { RestErrorName } from "./rest-catalogue.ts";
export { restErrorByCode, restErrors } from "./rest-catalogue.ts";
export type { RestError } from "./rest-error.ts";
