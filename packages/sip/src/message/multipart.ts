import { type ContentDisposition, parseContentDisposition } from "./content-disposition.ts";
import { parseContentType } from "./content-type.ts";

/** One part of a multipart body (RFC 2046 §5.1), by its place in the text. */
export interface BodyPart {
  /** Without parameters, lower case; `text/plain` when the part does not say, "" when that can't be read. */
  readonly mediaType: string;
  /** Undefined when the part does not say, or it can't be read. */
  readonly disposition: ContentDisposition | undefined;
  /** First character of its delimiter. */
  readonly begin: number;
  /** First character of the content, behind the empty line. */
  readonly start: number;
  /** Behind its last character: the line end before the next delimiter is none of the content. */
  readonly end: number;
}

/** Parts of one body that are looked at. */
export const maximumBodyParts = 16;

/**
 * The parts of a multipart/mixed, /alternative or /related body (RFC 5621 §3), in order. Undefined: it is no multipart body,
 * has no closing delimiter or too many parts.
 */
export function bodyParts(contentType: string | undefined, body: string): readonly BodyPart[] | undefined {
  const type = parseContentType(contentType ?? "");
  if (!type.ok || !type.value.mediaType.startsWith("multipart/")) return undefined;
  const boundary = type.value.parameters.get("boundary");
  return boundary === undefined || boundary === "" ? undefined : partsOf(body, boundary);
}

/** Undefined: no delimiter, no closing one, or too many parts. */
function partsOf(body: string, boundary: string): readonly BodyPart[] | undefined {
  const delimiter = `--${boundary}`;
  const parts: BodyPart[] = [];
  let at = body.startsWith(delimiter) ? 0 : body.indexOf(`\r\n${delimiter}`) + 2;
  if (at < 2 && !body.startsWith(delimiter)) return undefined;
  for (;;) {
    const behind = at + delimiter.length;
    if (body.startsWith("--", behind)) return parts;
    const lineEnd = body.indexOf("\r\n", behind);
    const next = body.indexOf(`\r\n${delimiter}`, behind);
    if (lineEnd < 0 || next < 0 || parts.length >= maximumBodyParts) return undefined;
    parts.push(partIn(body, at, lineEnd + 2, next));
    at = next + 2;
  }
}

/** @param from behind the line of the delimiter */
function partIn(body: string, begin: number, from: number, end: number): BodyPart {
  // A part without header fields begins with the empty line.
  const isBare = body.startsWith("\r\n", from);
  const headerEnd = isBare ? from - 2 : body.indexOf("\r\n\r\n", from);
  const hasEmptyLine = headerEnd >= 0 && headerEnd + 4 <= end;
  const start = hasEmptyLine ? headerEnd + 4 : end;
  const header = isBare ? "" : body.slice(from, hasEmptyLine ? headerEnd : end).replaceAll(fold, " ");
  const type = parseContentType(valueIn(header, typeRow) ?? "text/plain");
  const disposition = parseContentDisposition(valueIn(header, dispositionRow) ?? "");
  return {
    mediaType: type.ok ? type.value.mediaType : "",
    disposition: disposition.ok ? disposition.value : undefined,
    begin,
    start,
    end,
  };
}

function valueIn(header: string, row: RegExp): string | undefined {
  return row.exec(header)?.[1]?.trim();
}

const fold = /\r\n[ \t]+/g;
const typeRow = /^content-type[ \t]*:[ \t]*(.*)$/im;
const dispositionRow = /^content-disposition[ \t]*:[ \t]*(.*)$/im;
