import { type RestErrorName, restErrors } from "@tandem/reasons";

/** Thrown by a route to answer with an error of the catalogue. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly httpStatus: number;
  /** Seconds for a Retry-After header; undefined: none. */
  readonly retryAfterSeconds: number | undefined;

  /** `particulars` follows the catalogue's text: what exactly was wrong with this request. */
  constructor(name: RestErrorName, particulars?: string, options: { retryAfterSeconds?: number } = {}) {
    const error = restErrors[name];
    super(particulars === undefined ? error.text : `${error.text} ${particulars}`);
    this.code = error.code;
    this.httpStatus = error.httpStatus;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The row, or 404 when there is none (or it is another account's: a stranger learns no difference). */
export function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new ApiError("notFound");
  return row;
}
