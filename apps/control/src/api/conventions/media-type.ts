/**
 * Whether a client wants XML rather than JSON (RFC 9110 §12.5.1): its quality for one of XML's media types is higher.
 * Without an Accept header field, and when it does not mind, it gets JSON.
 */
export function prefersXml(accept: string | undefined): boolean {
  const ranges = (accept ?? "*/*").split(",").map(rangeOf);
  const quality = (types: readonly string[]): number =>
    Math.max(0, ...types.map((type) => best(ranges, [type, `${type.split("/")[0]}/*`, "*/*"])));
  return (
    quality(["application/xml", "text/xml", "application/yang-data+xml"]) > quality(["application/json"])
  );
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

function rangeOf(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  const quality = given === undefined ? 1 : Number(given);
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The most specific range decides. */
function best(ranges: readonly MediaRange[], names: readonly string[]): number {
  for (const name of names) {
    const found = ranges.find(({ type }) => type === name);
    if (found !== undefined) return found.quality;
  }
  return 0;
}
