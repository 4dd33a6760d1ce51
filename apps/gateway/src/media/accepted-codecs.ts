import type { Candidate } from "@tandem/routing";
import type { CallContext } from "../pipeline/call-context.ts";

/** Encodings that the far side of a candidate takes: a carrier's, or a customer's by its trunk. Undefined: any. */
export function acceptedCodecs(
  call: CallContext,
  { carrier }: Pick<Candidate, "carrier">,
): readonly string[] | undefined {
  const codecs = carrier === undefined ? call.knownTrunk.codecs : carrier.codecs;
  return codecs === undefined || codecs.length === 0 ? undefined : codecs;
}
