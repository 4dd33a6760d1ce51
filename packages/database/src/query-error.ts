/** What PostgreSQL refused and why, the same for both engines. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  /** SQLSTATE, `23505`; `08000` when the connection or the engine was lost. */
  readonly code: string;
  /** Name of the violated constraint or unique index. */
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly detail: string | undefined;

  constructor(fields: {
    message: string;
    code: string;
    constraint?: string | undefined;
    table?: string | undefined;
    detail?: string | undefined;
    cause?: unknown;
  }) {
    super(fields.message, { cause: fields.cause });
    this.code = fields.code;
    this.constraint = fields.constraint;
    this.table = fields.table;
    this.detail = fields.detail;
  }

  /** The one way from whatever an engine threw. */
  static from(reason: unknown): QueryError {
    if (reason instanceof QueryError) return reason;
    const fields = (typeof reason === "object" && reason !== null ? reason : {}) as Record<string, unknown>;
    return new QueryError({
      message: textOf(fields["message"]) ?? String(reason),
      code: sqlStateOf(fields["code"]),
      constraint: textOf(fields["constraint"]),
      table: textOf(fields["table"]),
      detail: textOf(fields["detail"]),
      cause: reason,
    });
  }
}

export const connectionLost = "08000";

/** True for a violated unique constraint or primary key; of that name, if one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): error is QueryError {
  return isViolation(error, "23505", constraint);
}

/** True for a violated foreign key (also `on delete restrict`); of that name, if one is given. */
export function isForeignKeyViolation(error: unknown, constraint?: string): error is QueryError {
  return isViolation(error, "23503", constraint) || isViolation(error, "23001", constraint);
}

/** True for a violated check; of that name, if one is given. */
export function isCheckViolation(error: unknown, constraint?: string): error is QueryError {
  return isViolation(error, "23514", constraint);
}

/** The values are at fault (class 22, 23; 54: too long for an index): the same statement fails again. */
export function isDataFault(error: unknown): error is QueryError {
  return error instanceof QueryError && /^(22|23|54)/.test(error.code);
}

function isViolation(error: unknown, code: string, constraint: string | undefined): boolean {
  if (!(error instanceof QueryError) || error.code !== code) return false;
  return constraint === undefined || error.constraint === constraint;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Node's own codes (`ECONNREFUSED`) are not SQLSTATEs: they mean that the connection was lost. */
function sqlStateOf(value: unknown): string {
  return typeof value === "string" && /^[0-9A-Z]{5}$/.test(value) && value !== "EPIPE"
    ? value
    : connectionLost;
}
