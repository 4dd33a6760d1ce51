import { skipClass, tokenCharacter } from "../uri/character-class.ts";
import { parseDecimal } from "../uri/decimal.ts";
import { Parameters, quote } from "../uri/parameters.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { parametersFine, readHeaderParameters } from "./header-parameters.ts";
import type { Message } from "./message.ts";

/** One value of the Reason header field, RFC 3326. */
export interface ReasonValue {
  /** "SIP", "Q.850" or another protocol; those two in that spelling however they were written. */
  readonly protocol: string;
  /** Q.850 cause (0 to 127) or SIP status code, by protocol; undefined when absent. */
  readonly cause: number | undefined;
  readonly text: string | undefined;
}

/** Causes are at most three digits in every protocol registered. */
const maximumCause = 999;

const malformed = failure("reason-malformed", "Malformed Reason header field", "Reason");

/** Parses one Reason value. */
export function parseReason(value: string): Parsed<ReasonValue> {
  const end = skipClass(value, 0, value.length, tokenCharacter);
  const offsets: number[] = [];
  if (end === 0 || readHeaderParameters(value, end, value.length, offsets) !== parametersFine)
    return malformed;
  const parameters = new Parameters(value, offsets);
  const causeText = parameters.get("cause");
  const cause = causeText === undefined ? undefined : parseDecimal(causeText, maximumCause);
  if (cause === -1) return malformed;
  return success({ protocol: protocolNamed(value.slice(0, end)), cause, text: parameters.get("text") });
}

function protocolNamed(written: string): string {
  const upperCase = written.toUpperCase();
  return upperCase === "SIP" || upperCase === "Q.850" ? upperCase : written;
}

/** All readable Reason values of a message, in order. Malformed ones are left out: Reason never decides anything alone. */
export function reasonsOf(message: Message): readonly ReasonValue[] {
  const all: ReasonValue[] = [];
  for (const value of message.list("Reason")) {
    const parsed = parseReason(value);
    if (parsed.ok) all.push(parsed.value);
  }
  return all;
}

/** `Q.850;cause=16;text="Normal call clearing"`. */
export function serializeReason(reason: ReasonValue): string {
  let value = reason.protocol;
  if (reason.cause !== undefined) value += `;cause=${reason.cause}`;
  return reason.text === undefined ? value : `${value};text=${quote(reason.text)}`;
}
