import { bumpSnapshot, type Database, hasCredentials, lockInstallation, updateNames } from "@tandem/database";
import { InstallationError } from "./installation-error.ts";

/**
 * Brings the installation's names to the configured ones; undefined: as it is. Returns the names in force. HA1 values
 * hold the realm, so a new realm would lock every credential out: an `InstallationError` while there are any.
 */
export async function changeNames(
  database: Database,
  wanted: { readonly baseDomain: string | undefined; readonly realm: string | undefined },
): Promise<{ readonly baseDomain: string; readonly realm: string }> {
  return database.transaction(async (transaction) => {
    const now = await lockInstallation(transaction);
    if (now === undefined) throw new Error("there is no installation to rename");
    const names = { baseDomain: wanted.baseDomain ?? now.base_domain, realm: wanted.realm ?? now.realm };
    if (names.baseDomain === now.base_domain && names.realm === now.realm) return names;
    if (names.realm !== now.realm && (await hasCredentials(transaction))) {
      throw new InstallationError(
        "realm-is-fixed",
        `the realm is ${now.realm} and cannot become ${names.realm} while there are credentials: they are made for it`,
      );
    }
    await updateNames(transaction, names);
    await bumpSnapshot(transaction);
    return names;
  });
}
