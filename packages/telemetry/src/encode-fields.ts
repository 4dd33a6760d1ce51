import { isSecretName, redacted, redactText } from "./redact.ts";

/** What goes with a log line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Bounds of one log line; what is beyond is left out, and said so. */
export const logLimits = {
  /** Chars of one text. */
  maximumTextLength: 8192,
  /** Objects and arrays inside each other, the fields themselves being 1. */
  maximumDepth: 6,
  /** Values of one line, nested ones included. */
  maximumValues: 500,
} as const;

/** Names that every line has of its own. */
const reservedNames: ReadonlySet<string> = new Set(["time", "level", "event"]);

/** `,"name":value` for each field, redacted. Never throws: what cannot be written says so. */
export function encodeFields(fields: LogFields): string {
  try {
    const values: Record<string, unknown> = new FieldCopier().copyObject(fields, 1);
    let encoded = "";
    for (const [name, value] of Object.entries(values)) {
      const text = JSON.stringify(value);
      if (text === undefined) continue;
      encoded += `,${JSON.stringify(reservedNames.has(name) ? `${name}_` : name)}:${text}`;
    }
    return encoded;
  } catch {
    // A getter of the caller's that throws.
    return ',"unwritable":true';
  }
}

/** Copies fields into plain JSON values within the limits. One per line. */
class FieldCopier {
  private values = 0;

  copyObject(source: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const name of Object.keys(source)) {
      if (this.values >= logLimits.maximumValues) {
        copy["more"] = "[too many values]";
        break;
      }
      copy[name] = isSecretName(name) ? hidden(source[name]) : this.copy(source[name], depth);
    }
    return copy;
  }

  private copy(value: unknown, depth: number): unknown {
    this.values += 1;
    switch (typeof value) {
      case "string":
        return shorten(redactText(value));
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "bigint":
        return value.toString();
      case "function":
      case "symbol":
        return undefined;
      case "boolean":
      case "undefined":
        return value;
      case "object":
        return value === null ? null : this.copyNested(value, depth);
    }
  }

  private copyNested(value: object, depth: number): unknown {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (depth >= logLimits.maximumDepth) return "[too deep]";
    if (value instanceof Error) return this.copyError(value, depth + 1);
    if (value instanceof Map) return this.copyObject(Object.fromEntries(value), depth + 1);
    if (Array.isArray(value) || value instanceof Set) return this.copyList([...value], depth + 1);
    return this.copyObject(value as Record<string, unknown>, depth + 1);
  }

  /** Own properties (`code`, `cause`) too, which JSON leaves out for an error. */
  private copyError(error: Error, depth: number): Record<string, unknown> {
    const { name, message, stack, cause } = error;
    const told: Record<string, unknown> = { name, message, stack };
    if (cause !== undefined) told["cause"] = cause;
    return this.copyObject(Object.assign(told, error), depth);
  }

  private copyList(list: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    for (const value of list) {
      if (this.values >= logLimits.maximumValues) {
        copy.push("[too many values]");
        break;
      }
      copy.push(this.copy(value, depth) ?? null);
    }
    return copy;
  }
}

/** That there was nothing is no secret, and worth knowing. */
function hidden(value: unknown): unknown {
  return value === undefined || value === null || value === "" ? value : redacted;
}

function shorten(text: string): string {
  const excess = text.length - logLimits.maximumTextLength;
  return excess > 0 ? `${text.slice(0, logLimits.maximumTextLength)}[${excess} more]` : text;
}
