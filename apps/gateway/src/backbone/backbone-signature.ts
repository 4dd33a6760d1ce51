import { createHmac, timingSafeEqual } from "node:crypto";
import type { BackboneKey } from "@tandem/contracts";
import type { HeaderFields } from "@tandem/sip/message";

/** Name of the header field with which gateways know each other; no other leg ever has it. */
export const backboneHeaderField = "X-Tandem-Backbone";
/** `90207;text=…`: why a sister could not do what it was asked for. */
export const reasonHeaderField = "X-Tandem-Reason";

/** How old a signed request may be, and how far the clocks of two gateways may be apart. */
export const maximumAgeMs = 30_000;

const macMember = ";mac=";

/** Appends the signature: HMAC-SHA256 over the value and the parts of the message that it speaks for. */
export function sign(key: BackboneKey, value: string, parts: readonly string[]): string {
  return `${value}${macMember}${mac(key, value, parts).toString("hex")}`;
}

/** The value without its signature, when that is right. */
export function verified(key: BackboneKey, signed: string, parts: readonly string[]): string | undefined {
  const at = signed.lastIndexOf(macMember);
  const given = signed.slice(at + macMember.length);
  if (at < 0 || !/^[0-9a-f]{64}$/.test(given)) return undefined;
  const value = signed.slice(0, at);
  return timingSafeEqual(Buffer.from(given, "hex"), mac(key, value, parts)) ? value : undefined;
}

/** Header field rows as a text to be signed, in their order. */
export function rowsText(fields: HeaderFields): string {
  let text = "";
  for (let row = 0; row < fields.count; row++) text += `${fields.nameAt(row)}: ${fields.valueAt(row)}\r\n`;
  return text;
}

/** The length of each part stands before it, so that nothing can move from one part to the next. */
function mac(key: BackboneKey, value: string, parts: readonly string[]): Buffer {
  const hmac = createHmac("sha256", Buffer.from(key.secret, "hex"));
  for (const part of [value, ...parts]) hmac.update(`${part.length}:${part}`, "latin1");
  return hmac.digest();
}
