/**
 * The catalogue of call reasons. The same reasons feed SIP responses (reason phrase, Warning, Reason), call records,
 * alerts, the console and `explain`. `docs/reasons.md` is generated from it.
 */
import { admissionReasons } from "./admission-reasons.ts";
import { attemptReasons } from "./attempt-reasons.ts";
import { backboneReasons } from "./backbone-reasons.ts";
import { kebabCase } from "./kebab-case.ts";
import { policyReasons } from "./policy-reasons.ts";
import type { Reason, ReasonEntry } from "./reason.ts";
import { releaseReasons } from "./release-reasons.ts";
import { requestReasons } from "./request-reasons.ts";

const entries = {
  ...admissionReasons,
  ...requestReasons,
  ...policyReasons,
  ...attemptReasons,
  ...releaseReasons,
  ...backboneReasons,
};

/** Key of a reason: `sourceAddressNotInAccessControlList`. */
export type ReasonName = keyof typeof entries;

/** All call reasons by key. */
export const reasons: Readonly<Record<ReasonName, Reason>> = withNames(entries);

const byCode: ReadonlyMap<number, Reason> = new Map(
  Object.values(reasons).map((reason) => [reason.code, reason]),
);

/** The reason with that stable code; undefined: there is none. */
export function reasonByCode(code: number): Reason | undefined {
  return byCode.get(code);
}

function withNames<K extends string>(table: Record<K, ReasonEntry>): Record<K, Reason> {
  const named = Object.entries<ReasonEntry>(table).map(([key, entry]) => [
    key,
    Object.freeze({ name: kebabCase(key), ...entry }),
  ]);
  return Object.freeze(Object.fromEntries(named)) as Record<K, Reason>;
}
