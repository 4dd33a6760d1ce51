import { parseDecimal } from "../uri/decimal.ts";
import { quote } from "../uri/parameters.ts";
import { type Failure, failure, type Parsed, success } from "../uri/parsed.ts";
import { type NameAddr, parseNameAddr } from "./name-addr.ts";

/** One value of the Diversion header field, RFC 5806. */
export interface Diversion {
  /** Who diverted the call. */
  readonly address: NameAddr;
  /** Lower case: unconditional, user-busy, no-answer, …; undefined when absent. */
  readonly reason: string | undefined;
  /** How many diversions this value stands for, 1 to 99; undefined when absent. */
  readonly counter: number | undefined;
  /** Lower case: full, name, uri, off; undefined when absent. */
  readonly privacy: string | undefined;
  /** Lower case: yes, no; undefined when absent. */
  readonly screen: string | undefined;
}

/** What {@link serializeDiversion} needs. */
export interface DiversionParts {
  readonly displayName?: string | undefined;
  readonly addrSpec: string;
  readonly reason?: string | undefined;
  readonly counter?: number | undefined;
  readonly privacy?: string | undefined;
}

/** RFC 5806 §5: 1*2DIGIT. */
const maximumDiversionCounter = 99;

const malformed = failure("diversion-malformed", "Malformed Diversion header field", "Diversion");
const badCounter: Failure = failure(
  "diversion-malformed-counter",
  "Malformed Diversion counter",
  "Diversion",
);

/** Parses one Diversion value. */
export function parseDiversion(value: string): Parsed<Diversion> {
  const address = parseNameAddr(value);
  if (!address.ok) return malformed;
  const { parameters } = address.value;
  const counterText = parameters.get("counter");
  const counter = counterText === undefined ? undefined : parseDecimal(counterText, maximumDiversionCounter);
  if (counter !== undefined && counter < 1) return badCounter;
  return success({
    address: address.value,
    reason: parameters.get("reason")?.toLowerCase(),
    counter,
    privacy: parameters.get("privacy")?.toLowerCase(),
    screen: parameters.get("screen")?.toLowerCase(),
  });
}

/** `<sip:+15550100@example.com>;reason=unconditional`. */
export function serializeDiversion(diversion: DiversionParts): string {
  const { displayName, reason, counter, privacy } = diversion;
  let value = displayName === undefined ? "" : `${quote(displayName)} `;
  value += `<${diversion.addrSpec}>`;
  if (reason !== undefined) value += `;reason=${reason}`;
  if (counter !== undefined) value += `;counter=${counter}`;
  return privacy === undefined ? value : `${value};privacy=${privacy}`;
}
