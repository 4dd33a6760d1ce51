/**
 * How long an answer may be kept as its Cache-Control says (RFC 9111 §5.2.2), in seconds; 0: not at all. Undefined: it says
 * nothing.
 */
export function maxAgeOf(cacheControl: string | undefined): number | undefined {
  const directives = (cacheControl ?? "")
    .toLowerCase()
    .split(",")
    .map((one) => one.trim());
  if (directives.includes("no-store") || directives.includes("no-cache")) return 0;
  for (const directive of directives) {
    const [, seconds] = /^max-age="?(\d{1,10})"?$/.exec(directive) ?? [];
    if (seconds !== undefined) return Number(seconds);
  }
  return undefined;
}
