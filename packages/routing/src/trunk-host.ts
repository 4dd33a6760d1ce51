/** Parts of a termination host name, in lower case. */
export interface TrunkHost {
  /** What stands before `.pstn`; may hold dots. */
  readonly label: string;
  /** What stands between `pstn` and the base domain; undefined: the generic form. */
  readonly edgeLabel: string | undefined;
}

const marker = ".pstn";

/**
 * Splits `{label}.pstn[.{edge}].{base}`. Case-insensitive; a final dot is allowed. Undefined: not of this form.
 * @param baseDomain in lower case
 */
export function parseTrunkHost(host: string, baseDomain: string): TrunkHost | undefined {
  const name = normalizeHost(host);
  if (!isBelow(name, baseDomain)) return undefined;
  const rest = name.slice(0, name.length - baseDomain.length - 1);
  if (rest.endsWith(marker)) return trunkHost(rest.slice(0, -marker.length), undefined);
  const dot = rest.lastIndexOf(".");
  const front = rest.slice(0, Math.max(dot, 0));
  if (!front.endsWith(marker)) return undefined;
  return trunkHost(front.slice(0, -marker.length), rest.slice(dot + 1));
}

/** Lower case, without the dot that ends a fully qualified name. */
export function normalizeHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

/** Whether a normalized name is below the base domain. */
export function isBelow(name: string, baseDomain: string): boolean {
  const dot = name.length - baseDomain.length - 1;
  return dot > 0 && name.charCodeAt(dot) === 0x2e && name.endsWith(baseDomain);
}

function trunkHost(label: string, edgeLabel: string | undefined): TrunkHost | undefined {
  return label === "" || edgeLabel === "" ? undefined : { label, edgeLabel };
}
