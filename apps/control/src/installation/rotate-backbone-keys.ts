import { bumpSnapshot, type Database, lockInstallation, updateBackboneKeys } from "@tandem/database";
import {
  firstBackboneKeys,
  isRotationDue,
  openBackboneKeys,
  rotateBackboneKeys,
  type SecretBox,
  sealBackboneKeys,
} from "../secrets/index.ts";

/**
 * Makes the backbone's keys if there are none (an installation of an older version), or goes on to the next one when
 * the youngest is `lifetimeMs` old. Safe to call from several programs.
 */
export async function rotateDueBackboneKeys(
  database: Database,
  box: SecretBox,
  nowMs: number,
  lifetimeMs: number,
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const installation = await lockInstallation(transaction);
    if (installation === undefined) return false;
    const sealed = installation.backbone_keys_encrypted;
    const keys = sealed === null ? undefined : openBackboneKeys(box, sealed);
    if (keys !== undefined && !isRotationDue(keys, nowMs, lifetimeMs)) return false;
    const changed = keys === undefined ? firstBackboneKeys(nowMs) : rotateBackboneKeys(keys, nowMs);
    await updateBackboneKeys(transaction, sealBackboneKeys(box, changed));
    await bumpSnapshot(transaction);
    return true;
  });
}
