import { isForeignKeyViolation, isUniqueViolation } from "@tandem/database";
import type { RestErrorName } from "@tandem/reasons";
import { ApiError } from "../conventions/api-error.ts";

/**
 * Runs a statement and turns the violation of a named constraint into its REST error. The database decides, so two
 * requests at the same time cannot both pass.
 */
export async function refusing<T>(
  violations: Readonly<Record<string, RestErrorName>>,
  statement: () => Promise<T>,
): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    for (const [constraint, name] of Object.entries(violations)) {
      if (isUniqueViolation(error, constraint) || isForeignKeyViolation(error, constraint))
        throw new ApiError(name);
    }
    throw error;
  }
}

/** Throws the error when the count has reached the limit; call it with the parent's row locked. */
export function checkLimit(count: number, limit: number, error: RestErrorName): void {
  if (count >= limit) throw new ApiError(error);
}
