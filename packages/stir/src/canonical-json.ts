/** What a PASSporT is written of. */
export type CanonicalValue =
  | string
  | number
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue | undefined };

/**
 * JSON as RFC 8225 §9 wants it: keys in lexicographic order, no blanks. Both sides write the same claims with the same bytes
 * then. Keys without a value are left out.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === "string" || typeof value === "number") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(",")}}`;
}

function isList(value: Exclude<CanonicalValue, string | number>): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}
