import { parseContentType } from "./content-type.ts";

/** One part of a multipart body (RFC 2046 §5.1), by its place in the text. */
interface BodyPart {
  /** Without parameters, lower case; `text/plain` when the part does not say. */
  readonly mediaType: string;
  /** First character of the content, behind the empty line. */
  readonly start: number;
  /** Behind its last character: the line end before the delimiter is none of the content. */
  readonly end: number;
}

/** The part of a body with one media type, and how to write the body with another content in its place. */
export interface FoundPart {
  readonly content: string;
  /** The whole body, everything but that content as it was. */
  replaced(content: string): string;
}

/** Parts of one body that are looked at. */
export const maximumBodyParts = 16;

/**
 * Finds the first part of that media type in a body: the body itself when it is of that type, or a part of a
 * multipart/mixed, /alternative or /related one (RFC 5621 §3). Undefined: there is none, or the body can't be read.
 */
export function findPart(
  contentType: string | undefined,
  body: string,
  mediaType: string,
): FoundPart | undefined {
  const type = parseContentType(contentType ?? "");
  if (!type.ok) return undefined;
  if (type.value.mediaType === mediaType) return { content: body, replaced: (content) => content };
  const boundary = type.value.parameters.get("boundary");
  if (!type.value.mediaType.startsWith("multipart/") || boundary === undefined || boundary === "")
    return undefined;
  const part = partsOf(body, boundary)?.find((one) => one.mediaType === mediaType);
  if (part === undefined) return undefined;
  const { start, end } = part;
  return {
    content: body.slice(start, end),
    replaced: (content) => body.slice(0, start) + content + body.slice(end),
  };
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
    parts.push(partIn(body, lineEnd + 2, next));
    at = next + 2;
  }
}

function partIn(body: string, from: number, end: number): BodyPart {
  // A part without header fields begins with the empty line.
  const isBare = body.startsWith("\r\n", from);
  const headerEnd = isBare ? from - 2 : body.indexOf("\r\n\r\n", from);
  const hasEmptyLine = headerEnd >= 0 && headerEnd + 4 <= end;
  const start = hasEmptyLine ? headerEnd + 4 : end;
  const header = isBare ? "" : body.slice(from, hasEmptyLine ? headerEnd : end);
  const value = /^content-type[ \t]*:[ \t]*(.*)$/im.exec(header)?.[1]?.trim();
  const type = parseContentType(value ?? "text/plain");
  return { mediaType: type.ok ? type.value.mediaType : "", start, end };
}
