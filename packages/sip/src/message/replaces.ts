import { Parameters } from "../uri/parameters.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { parametersFine, readHeaderParameters } from "./header-parameters.ts";

/** RFC 3891 §6.1: the dialog that a call is to take the place of, as its recipient sees it. */
export interface Replaces {
  readonly callId: string;
  /** Local tag of the recipient. */
  readonly toTag: string;
  /** Remote tag. */
  readonly fromTag: string;
  /** Only while nobody has answered. */
  readonly isEarlyOnly: boolean;
}

const malformed = failure("replaces-malformed", "Malformed Replaces header field", "Replaces");

/** Parses a Replaces value. */
export function parseReplaces(value: string): Parsed<Replaces> {
  const semicolon = value.indexOf(";");
  if (semicolon < 0) return malformed;
  const callId = value.slice(0, semicolon).trim();
  const offsets: number[] = [];
  if (readHeaderParameters(value, semicolon, value.length, offsets) !== parametersFine) return malformed;
  const parameters = new Parameters(value, offsets);
  const toTag = parameters.get("to-tag") ?? "";
  const fromTag = parameters.get("from-tag") ?? "";
  if (callId === "" || toTag === "" || fromTag === "") return malformed;
  return success({ callId, toTag, fromTag, isEarlyOnly: parameters.has("early-only") });
}
