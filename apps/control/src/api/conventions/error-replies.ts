import { QueryError } from "@tandem/database";
import type { RestErrorName } from "@tandem/reasons";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import type { ControlLogger } from "../../control-logger.ts";
import { ApiError } from "./api-error.ts";

/** Body of every answer of 400 and above; the SDKs read `code`, `message` and `more_info`. */
export const ErrorEnvelope = Type.Object({
  code: Type.Integer({ description: "Stable number of the error." }),
  message: Type.String(),
  more_info: Type.String({ description: "Address of a page about the code." }),
  status: Type.Integer({ description: "The HTTP status." }),
});

/** A PostgreSQL that is started again, or its standby, is there in about so long. */
const retryAfterSeconds = 5;

/** Answers every fault inside `application` with the error envelope. */
export function replyToErrors(
  application: FastifyInstance,
  options: { readonly publicUrl: string; readonly logger: ControlLogger },
): void {
  application.setErrorHandler((thrown: unknown, request, reply) => {
    const error = toApiError(thrown);
    if (error.httpStatus >= 500) logFailure(options.logger, request, thrown);
    return sendError(reply, error, options.publicUrl);
  });
  application.setNotFoundHandler((request, reply) =>
    sendError(reply, unknownPath(request), options.publicUrl),
  );
}

/** Only of a fault of the program does anybody need to know where it came about. */
function logFailure(logger: ControlLogger, request: FastifyRequest, thrown: unknown): void {
  const where = { method: request.method, route: request.routeOptions.url };
  if (isUnavailable(thrown)) {
    logger.warn("database-unavailable", { ...where, code: thrown.code, error: thrown.message });
    return;
  }
  const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  logger.error("api-request-failed", { ...where, error });
}

export function sendError(reply: FastifyReply, error: ApiError, publicUrl: string): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header("Retry-After", String(error.retryAfterSeconds));
  if (error.httpStatus === 401) reply.header("WWW-Authenticate", 'Basic realm="Tandem API", charset="UTF-8"');
  return reply
    .code(error.httpStatus)
    .type("application/json; charset=utf-8")
    .send({
      code: error.code,
      message: error.message,
      more_info: `${publicUrl}/errors/${error.code}`,
      status: error.httpStatus,
    });
}

function unknownPath(request: FastifyRequest): ApiError {
  return new ApiError("notFound", `There is nothing at ${request.url.split("?", 1)[0]}.`);
}

const byFrameworkCode: Readonly<Record<string, RestErrorName>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupportedContentType",
  FST_ERR_CTP_BODY_TOO_LARGE: "bodyTooLarge",
  FST_ERR_BAD_URL: "notFound",
  FST_ERR_MAX_PARAM_LENGTH: "notFound",
};

/** Whatever was thrown as one error of the catalogue. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof QueryError) return databaseFault(thrown);
  const { code, statusCode } = (thrown ?? {}) as Partial<FastifyError>;
  const name = code === undefined ? undefined : byFrameworkCode[code];
  if (name !== undefined) return new ApiError(name);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new ApiError("malformedBody");
  return new ApiError("internalServerError");
}

/** Class 40 of SQLSTATE: lost against another writer. */
function databaseFault(error: QueryError): ApiError {
  if (error.code.startsWith("40")) return new ApiError("conflict");
  if (isUnavailable(error)) return new ApiError("serviceUnavailable", undefined, { retryAfterSeconds });
  return new ApiError("internalServerError");
}

/** Classes of SQLSTATE: 08 connection, 53 resources, 57 operator intervention. */
function isUnavailable(thrown: unknown): thrown is QueryError {
  return thrown instanceof QueryError && /^(08|53|57)/.test(thrown.code);
}
