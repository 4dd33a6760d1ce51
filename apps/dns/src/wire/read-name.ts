import { maximumLabelBytes, maximumNameBytes } from "./codes.ts";

export interface ReadName {
  readonly labels: readonly string[];
  /** Offset of the first byte behind the name. */
  readonly end: number;
}

/**
 * Reads an uncompressed name; undefined: cut off, too long, or compressed. The name of a question stands first in its
 * message, so nothing lies before it that compression could point to.
 */
export function readPlainName(bytes: Buffer, start: number): ReadName | undefined {
  const labels: string[] = [];
  let offset = start;
  for (;;) {
    const length = bytes[offset];
    if (length === undefined || length > maximumLabelBytes) return undefined;
    offset += 1;
    if (length === 0) break;
    if (offset + length > bytes.length) return undefined;
    labels.push(lowerCaseAscii(bytes.toString("latin1", offset, offset + length)));
    offset += length;
  }
  return offset - start > maximumNameBytes ? undefined : { labels, end: offset };
}

/** Offset behind a name that may be compressed, without following it; undefined: cut off or of an unknown kind. */
export function skipName(bytes: Buffer, start: number): number | undefined {
  let offset = start;
  for (;;) {
    const length = bytes[offset];
    if (length === undefined) return undefined;
    if (length === 0) return offset + 1;
    if (length >= 0xc0) return offset + 2 > bytes.length ? undefined : offset + 2;
    if (length > maximumLabelBytes) return undefined;
    offset += 1 + length;
  }
}

/** RFC 4343: only the letters of ASCII have a case. */
export function lowerCaseAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
