/** The parts of a snapshot that say which destinations may be called. */
import { type Static, Type } from "typebox";

/** What a number costs and risks; each has a switch per country. */
export const RiskClass = Type.Union([
  Type.Literal("low-risk"),
  Type.Literal("high-risk-special"),
  Type.Literal("high-risk-toll-fraud"),
]);
export type RiskClass = Static<typeof RiskClass>;

/** The bit of each class's switch in `DialingPermissions`. */
export const permissionBits: Readonly<Record<RiskClass, number>> = {
  "low-risk": 1,
  "high-risk-special": 2,
  "high-risk-toll-fraud": 4,
};

/** What holds for the countries that an account has not set: `open` all three switches on, `protected` low-risk only. */
export const DialingPermissionsDefault = Type.Union([Type.Literal("open"), Type.Literal("protected")]);
export type DialingPermissionsDefault = Static<typeof DialingPermissionsDefault>;

export const defaultPermissions: Readonly<Record<DialingPermissionsDefault, number>> = {
  open: 7,
  protected: 1,
};

export const DialingPermissions = Type.Object({
  default: DialingPermissionsDefault,
  /** By ISO 3166-1 code (or that of an international service) the sum of the bits of what is on, where it is not the default. */
  countries: Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 7 })),
});
export type DialingPermissions = Static<typeof DialingPermissions>;

/** Prefixes of numbers: `+` and digits. */
const Prefixes = Type.Array(Type.String());

/** What an account permits and forbids itself; spread into its schema. */
export const accountDestinations = {
  /** Left out: those of the parent account hold, and without a parent there are none, so that nothing is refused. */
  dialingPermissions: Type.Optional(DialingPermissions),
  /** The account whose permissions and lists hold beside the account's own. */
  inheritsFrom: Type.Optional(Type.String()),
  /** Called numbers that are refused. */
  blockedPrefixes: Type.Optional(Prefixes),
  /** Calling numbers that are refused. */
  doNotOriginatePrefixes: Type.Optional(Prefixes),
};

/** What holds for all accounts. Of two prefixes the longer one says the class of a number. */
export const SnapshotDestinations = Type.Object({
  lowRiskPrefixes: Prefixes,
  highRiskSpecialPrefixes: Prefixes,
  highRiskTollFraudPrefixes: Prefixes,
  blockedPrefixes: Prefixes,
  doNotOriginatePrefixes: Prefixes,
});
export type SnapshotDestinations = Static<typeof SnapshotDestinations>;
