import { bumpSnapshot, type Database, lockInstallation, updateNonceKeys } from "@tandem/database";
import {
  isRotationDue,
  openNonceKeys,
  rotateNonceKeys,
  type SecretBox,
  sealNonceKeys,
} from "../secrets/index.ts";

/** Puts a new nonce key in front when the signing one is `lifetimeMs` old. Safe to call from several programs. */
export async function rotateDueNonceKeys(
  database: Database,
  box: SecretBox,
  nowMs: number,
  lifetimeMs: number,
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const installation = await lockInstallation(transaction);
    if (installation === undefined) return false;
    const keys = openNonceKeys(box, installation.nonce_keys_encrypted);
    if (!isRotationDue(keys, nowMs, lifetimeMs)) return false;
    await updateNonceKeys(transaction, sealNonceKeys(box, rotateNonceKeys(keys, nowMs)));
    await bumpSnapshot(transaction);
    return true;
  });
}
