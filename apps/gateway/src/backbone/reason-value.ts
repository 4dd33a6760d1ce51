import { type Reason, reasonByCode } from "@tandem/reasons";
import { readStructured, writeStructured } from "./structured-value.ts";

const maximumTextCharacters = 400;

/** Value of `X-Tandem-Reason`: `90207;text=connection%20refused`. */
export function writeReasonValue(reason: Reason, text: string): string {
  return `${reason.code};${writeStructured([["text", text.slice(0, maximumTextCharacters)]])}`;
}

/** The reason and its text; undefined: no such code. */
export function readReasonValue(
  value: string,
): { readonly reason: Reason; readonly text: string } | undefined {
  const semicolon = value.indexOf(";");
  const code = semicolon < 0 ? value : value.slice(0, semicolon);
  const reason = /^\d{5}$/.test(code) ? reasonByCode(Number(code)) : undefined;
  if (reason === undefined) return undefined;
  const members = semicolon < 0 ? undefined : readStructured(value.slice(semicolon + 1));
  return { reason, text: members?.get("text") ?? reason.text };
}
