import type { InstallationRow } from "@tandem/database";
import { purposes, SealError, type SecretBox } from "../secrets/index.ts";
import { InstallationError } from "./installation-error.ts";

/** Sealed with the installation's key at its birth. */
export const keyCheckText = "tandem";

/** Throws an `InstallationError` when the key is not the one this installation was made with. */
export function checkKey(installation: InstallationRow, box: SecretBox): void {
  try {
    if (box.open(installation.key_check, purposes.keyCheck) === keyCheckText) return;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
  }
  throw new InstallationError(
    "wrong-key",
    "the key file does not belong to this database: put back the one that was made at its first start",
  );
}
