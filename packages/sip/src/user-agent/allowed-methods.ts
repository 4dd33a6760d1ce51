/** Value of our Allow header fields. */
export const allowedMethods =
  "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER, NOTIFY, MESSAGE";

const allowed: ReadonlySet<string> = new Set(allowedMethods.split(", "));

export function isAllowedMethod(method: string): boolean {
  return allowed.has(method);
}
