import { canonicalCodec, maximumCodecs, transcodableCodecs } from "@tandem/contracts";
import Type from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { Nullable } from "../conventions/parameters.ts";

const known = transcodableCodecs.join(", ");

/** Of trunks and carriers alike. */
export const codecsParameter = Nullable(
  Type.String({
    maxLength: 256,
    description: `Codecs that the far side takes, with a comma between, the preferred first: ${known}. Calls to it without any of them are transcoded; empty: none is.`,
  }),
);

/** The column from the parameter; undefined: it is not changed. Throws 400 for a name that is none of those, or too many. */
export function codecsOf(text: string | null | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length > maximumCodecs) refuse(`Codecs has more than ${maximumCodecs} names.`);
  return [
    ...new Set(names.map((name) => canonicalCodec(name) ?? refuse(`Codecs: ${name} is none of ${known}.`))),
  ];
}

function refuse(particulars: string): never {
  throw new ApiError("invalidParameter", particulars);
}
