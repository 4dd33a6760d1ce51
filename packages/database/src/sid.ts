import { randomBytes } from "node:crypto";

/** A new SID: two letters and 32 lower-case hex digits. */
export function createSid(prefix: string): string {
  return prefix + randomBytes(16).toString("hex");
}

/** Whether the text has the form of a SID with that prefix. */
export function isSid(text: string, prefix: string): boolean {
  return text.length === 34 && text.startsWith(prefix) && /^[0-9a-f]{32}$/.test(text.slice(2));
}
