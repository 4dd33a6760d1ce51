import { faulty, type Judged } from "./stir-fault.ts";

/** Value of an Identity header field (RFC 8224 §4). */
export interface IdentityHeader {
  /** `header.payload.signature`, or `..signature` in the compact form. */
  readonly token: string;
  readonly isCompact: boolean;
  /** URL of the certificate, without its angle brackets. */
  readonly info: string;
  /** As written; undefined: left out, which means ES256. */
  readonly alg: string | undefined;
  /** Without quotes; undefined: left out. */
  readonly ppt: string | undefined;
}

/** Characters of a longer value are not looked at. A SHAKEN PASSporT has some 500 with its parameters. */
export const maximumIdentityCharacters = 4096;
export const maximumUrlCharacters = 512;

const tokenPart = /^[A-Za-z0-9_-]*$/;
/** `token`, or a quoted string of such characters. */
const parameterValue = /^(?:"([A-Za-z0-9._-]{1,64})"|([A-Za-z0-9._-]{1,64}))$/;
const infoValue = /^<([^<>"\s]+)>$/;

/**
 * Reads one value. Blanks are allowed around `;` and `=` (RFC 3261 §7.3.1); parameters that nobody knows are passed over, those
 * that are known stand once. The value of a field with two of them, separated by a comma, is none: RFC 8224 §4.1 has one a field.
 */
export function parseIdentity(value: string): Judged<IdentityHeader> {
  if (value.length > maximumIdentityCharacters)
    return malformed(`more than ${maximumIdentityCharacters} characters`);
  const [first = "", ...rest] = value.split(";");
  const token = first.trim();
  const form = formOf(token);
  if (!form.ok) return form;
  const parameters = parametersOf(rest);
  if (!parameters.ok) return parameters;
  const { info, alg, ppt } = parameters.value;
  if (info === undefined) return malformed("info is missing");
  if (info.length > maximumUrlCharacters)
    return malformed(`info has more than ${maximumUrlCharacters} characters`);
  return { ok: true, value: { token, isCompact: form.value === "compact", info, alg, ppt } };
}

function formOf(token: string): Judged<"full" | "compact"> {
  const parts = token.split(".");
  if (parts.length !== 3 || !parts.every((part) => tokenPart.test(part))) return malformed("no three parts");
  const [header, payload, signature] = parts;
  if (signature === "") return malformed("an empty part");
  if (header !== "" && payload !== "") return { ok: true, value: "full" };
  return header === payload ? { ok: true, value: "compact" } : malformed("an empty part");
}

type KnownName = "info" | "alg" | "ppt";

function parametersOf(texts: readonly string[]): Judged<Partial<Record<KnownName, string>>> {
  const known: Partial<Record<KnownName, string>> = {};
  for (const text of texts) {
    const [written = "", value = ""] = text.split(/=([^]*)/, 2);
    const name = written.trim().toLowerCase();
    if (!isKnownName(name)) continue;
    if (known[name] !== undefined) return malformed(`${name} stands twice`);
    const read = valueOf(name, value.trim());
    if (read === undefined) return malformed(`${name} can't be read`);
    known[name] = read;
  }
  return { ok: true, value: known };
}

function isKnownName(name: string): name is KnownName {
  return name === "info" || name === "alg" || name === "ppt";
}

function valueOf(name: KnownName, written: string): string | undefined {
  const [, value, bare] = (name === "info" ? infoValue : parameterValue).exec(written) ?? [];
  return value ?? bare;
}

/** `header.payload.signature;info=<https://…>;alg=ES256;ppt="shaken"`. */
export function writeIdentity(identity: Omit<IdentityHeader, "isCompact">): string {
  const { token, info, alg, ppt } = identity;
  const algorithm = alg === undefined ? "" : `;alg=${alg}`;
  const extension = ppt === undefined ? "" : `;ppt="${ppt}"`;
  return `${token};info=<${info}>${algorithm}${extension}`;
}

/** The compact form of a token (RFC 8225 §7): what the request says itself is left out. */
export function compactToken(token: string): string {
  return `..${token.slice(token.lastIndexOf(".") + 1)}`;
}

function malformed(text: string): ReturnType<typeof faulty> {
  return faulty("malformed", `Identity: ${text}`);
}
