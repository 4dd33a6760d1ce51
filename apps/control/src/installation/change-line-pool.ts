import {
  bumpSnapshot,
  type Database,
  greatestLineNumber,
  hasRouteWithin,
  lockConnectionAllotment,
  lockInstallation,
  updateLinePool,
} from "@tandem/database";
import { lineNumbersOf } from "../interconnect/index.ts";
import { InstallationError } from "./installation-error.ts";

/**
 * Brings the pool of line addresses to the configured one; undefined: as it is. Throws an `InstallationError` when the
 * lines that there are would not fit, or when a customer's route leads into the pool.
 */
export async function changeLinePool(database: Database, pool: string | undefined): Promise<void> {
  if (pool === undefined) return;
  await database.transaction(async (transaction) => {
    await lockConnectionAllotment(transaction);
    if ((await lockInstallation(transaction))?.line_pool === pool) return;
    if ((await greatestLineNumber(transaction)) > lineNumbersOf(pool)) {
      throw new InstallationError(
        "line-pool-unusable",
        `the line pool ${pool} is too small for the connections`,
      );
    }
    if (await hasRouteWithin(transaction, pool)) {
      throw new InstallationError(
        "line-pool-unusable",
        `a connection has a route into the line pool ${pool}`,
      );
    }
    await updateLinePool(transaction, pool);
    await bumpSnapshot(transaction);
  });
}
