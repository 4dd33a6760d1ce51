/** A short code for emergency calls and where it is one. */
export interface EmergencyNumber {
  /** ISO 3166-1 codes of the countries served where it means an emergency. */
  readonly isoCodes: readonly string[];
  /** Reads the caller's address back in place of reaching anybody. */
  readonly isTest: boolean;
}

const emergency = (...isoCodes: string[]): EmergencyNumber => ({ isoCodes, isTest: false });

const numbers: ReadonlyMap<string, EmergencyNumber> = new Map([
  ["911", emergency("US", "CA")],
  ["933", { isoCodes: ["US", "CA"], isTest: true }],
  ["112", emergency("GB", "AU", "IE", "FR", "DE", "AT")],
  ["999", emergency("GB", "IE")],
  ["000", emergency("AU")],
  ["106", emergency("AU")],
  ["15", emergency("FR")],
  ["17", emergency("FR")],
  ["18", emergency("FR")],
  ["114", emergency("FR")],
  ["110", emergency("DE")],
  ["122", emergency("AT")],
  ["133", emergency("AT")],
  ["144", emergency("AT")],
]);

/** What kind of emergency number the called number is, as dialled (no +). Undefined: none. */
export function emergencyNumberOf(text: string): EmergencyNumber | undefined {
  return numbers.get(text);
}

/** Whether the called number is an emergency number of any country served, the test number included. */
export function isEmergencyNumber(text: string): boolean {
  return numbers.has(text);
}
