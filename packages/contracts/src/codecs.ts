/**
 * Encodings of speech that a far side may be said to take: those that rtpengine, as Debian packages it, reads and writes.
 * Names of IANA's registry of RTP payload format media types, which compare without regard to case (RFC 8866 §6.6).
 */
export const transcodableCodecs = ["PCMU", "PCMA", "G722", "G729", "G723", "GSM", "opus", "speex"] as const;

/** Of one trunk or carrier. */
export const maximumCodecs = 8;

const canonical: ReadonlyMap<string, string> = new Map(
  transcodableCodecs.map((name) => [name.toUpperCase(), name]),
);

/** The name as it is registered; undefined: it is none of those. */
export function canonicalCodec(name: string): string | undefined {
  return canonical.get(name.toUpperCase());
}
