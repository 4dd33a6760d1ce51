import { restErrorTable } from "./rest-error.ts";

/** Errors of the REST interface as such. */
export const generalRestErrors = restErrorTable({
  invalidParameter: {
    code: 20001,
    httpStatus: 400,
    text: "A parameter is missing, unknown or has a value that is not allowed.",
  },
  authenticationFailed: {
    code: 20003,
    httpStatus: 401,
    text: "The account SID or key is unknown or its token is wrong.",
  },
  methodNotAllowed: { code: 20004, httpStatus: 405, text: "The resource does not know this method." },
  pageSizeTooLarge: { code: 20007, httpStatus: 400, text: "PageSize is above the maximum of 1000." },
  forbidden: { code: 20403, httpStatus: 403, text: "The account may not do this." },
  notFound: { code: 20404, httpStatus: 404, text: "The resource was not found." },
  conflict: {
    code: 20409,
    httpStatus: 409,
    text: "The resource was changed by somebody else, or its state does not allow this.",
  },
  validationFailed: {
    code: 20422,
    httpStatus: 422,
    text: "The parameters are readable but do not go together.",
  },
  tooManyRequests: {
    code: 20429,
    httpStatus: 429,
    text: "Too many requests. This one was not carried out and may be repeated.",
  },
  internalServerError: {
    code: 20500,
    httpStatus: 500,
    text: "A fault in control. Its log of that time has the details.",
  },
  serviceUnavailable: {
    code: 20503,
    httpStatus: 503,
    text: "Control can not reach what it needs for this. Repeat the request later.",
  },
  invalidSid: {
    code: 91001,
    httpStatus: 400,
    text: "The value is not a SID: two capital letters and 32 hex digits.",
  },
  bodyTooLarge: {
    code: 91002,
    httpStatus: 413,
    text: "The body of the request is larger than control reads.",
  },
  unsupportedContentType: {
    code: 91003,
    httpStatus: 415,
    text: "The body must be application/x-www-form-urlencoded.",
  },
  malformedBody: { code: 91004, httpStatus: 400, text: "The body of the request can not be decoded." },
  gatewayUnreachable: {
    code: 91005,
    httpStatus: 503,
    text: "No gateway that could answer is connected to control.",
  },
  callNotInProgress: { code: 91006, httpStatus: 400, text: "The call is not in progress." },
  invalidPageToken: {
    code: 91007,
    httpStatus: 400,
    text: "PageToken or Page is not one that an earlier answer gave.",
  },
});
