import { parseDecimal } from "../uri/decimal.ts";
import type { Parameters } from "../uri/parameters.ts";
import type { Via } from "./via.ts";

/** What our Via says to a next hop (RFC 7339 §4.1, §4.2): we know overload control, by loss. */
export const lossAnnouncement = ';oc;oc-algo="loss"';
/** Milliseconds that feedback holds when it does not say for how long (RFC 7339 §4.3). */
export const defaultValidityMs = 500;

/** `oc-seq`, RFC 7339 §9: digits, a point, and more digits. The part behind the point is in units of 1/100000. */
export interface OverloadSequence {
  readonly whole: number;
  readonly fraction: number;
}

/** What a server asks of its client (RFC 7339 §4). */
export interface OverloadFeedback {
  /** Share of the requests that are not to be sent: 0 to 100. */
  readonly percentage: number;
  /** 0: overload control ends. */
  readonly validityMs: number;
  /** Undefined: the server says nothing about the order. */
  readonly sequence: OverloadSequence | undefined;
}

/** Longest validity that is read, in milliseconds: 32 bits. */
const maximumValidityMs = 4_294_967_295;
const maximumWhole = 999_999_999_999;

/** Whether the client behind this Via reduces what it sends by loss when it is asked to. */
export function announcesOverloadControl({ parameters }: Via): boolean {
  if (indexOf(parameters, "oc") < 0) return false;
  const algorithms = indexOf(parameters, "oc-algo");
  return algorithms >= 0 && algorithmsIn(parameters.valueOf(algorithms)).includes("loss");
}

/**
 * What the topmost Via of a response asks of us; undefined: nothing that we can follow, above all our own parameters as they
 * come back from who does not know them.
 */
export function overloadFeedbackIn({ parameters }: Via): OverloadFeedback | undefined {
  const at = indexOf(parameters, "oc");
  if (at < 0) return undefined;
  const validity = indexOf(parameters, "oc-validity");
  const validityMs =
    validity < 0 ? defaultValidityMs : parseDecimal(parameters.valueOf(validity), maximumValidityMs);
  // RFC 7339 §5.7: whatever stands in oc then.
  if (validityMs === 0) return { percentage: 0, validityMs, sequence: sequenceOf(parameters) };
  const percentage = parseDecimal(parameters.valueOf(at), 100);
  const algorithm = indexOf(parameters, "oc-algo");
  const isLoss = algorithm < 0 || parameters.valueOf(algorithm).trim().toLowerCase() === "loss";
  if (percentage < 0 || validityMs < 0 || !isLoss) return undefined;
  return { percentage, validityMs, sequence: sequenceOf(parameters) };
}

/** Whether the n-th parameter belongs to overload control. */
export function isOverloadParameter(parameters: Parameters, at: number): boolean {
  return (
    parameters.isNamed(at, "oc") ||
    parameters.isNamed(at, "oc-algo") ||
    parameters.isNamed(at, "oc-validity") ||
    parameters.isNamed(at, "oc-seq")
  );
}

/** Negative: the first is the older one. */
export function compareSequences(one: OverloadSequence, other: OverloadSequence): number {
  return one.whole - other.whole || one.fraction - other.fraction;
}

/** Not `Parameters.get`: this is asked of every response, and must make nothing. */
function indexOf(parameters: Parameters, name: string): number {
  for (let at = 0; at < parameters.count; at++) if (parameters.isNamed(at, name)) return at;
  return -1;
}

function algorithmsIn(value: string): readonly string[] {
  return value.split(",").map((one) => one.trim().toLowerCase());
}

function sequenceOf(parameters: Parameters): OverloadSequence | undefined {
  const at = indexOf(parameters, "oc-seq");
  const [, digits, behind] = (at < 0 ? null : sequencePattern.exec(parameters.valueOf(at))) ?? [];
  if (digits === undefined) return undefined;
  const whole = Number(digits);
  const fraction = Number((behind ?? "").padEnd(5, "0"));
  return whole > maximumWhole ? undefined : { whole, fraction };
}

const sequencePattern = /^(\d{1,12})(?:\.(\d{1,5}))?$/;
