/** One element of DER (ITU-T X.690 §8, §10): a tag of one byte, a definite length, the content. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Tags of X.690 that are looked for. */
export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  objectIdentifier: 0x06,
  ia5String: 0x16,
  sequence: 0x30,
} as const;

/** Tag of a constructed, context-specific element. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

/** Elements that one list may have; a certificate of a large carrier has some hundred ranges. */
export const maximumDerElements = 4096;

/**
 * The elements that fill these bytes exactly, one behind the other. Undefined: they do not, a length is longer than it
 * needs to be (X.690 §10.1), a tag has more than one byte, or there are too many.
 */
export function derElements(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const element = elementAt(bytes, at);
    if (element === undefined || elements.length === maximumDerElements) return undefined;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** The elements of the one element that these bytes are. Undefined: they are no such element. */
export function derSequence(
  bytes: Uint8Array,
  tag: number = derTags.sequence,
): readonly DerElement[] | undefined {
  const elements = derElements(bytes);
  const [only] = elements ?? [];
  return elements?.length === 1 && only?.tag === tag ? derElements(only.content) : undefined;
}

function elementAt(bytes: Uint8Array, at: number): (DerElement & { readonly end: number }) | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    // 0 is the indefinite form; more than three bytes are no certificate.
    if (count === 0 || count > 3) return undefined;
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[start + index] ?? 0);
    if (length < 0x80 || length < 256 ** (count - 1)) return undefined;
    start += count;
  }
  const end = start + length;
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(start, end), end };
}
