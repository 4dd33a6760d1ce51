import { ApiError } from "../conventions/api-error.ts";

export type FailoverOverrides = Readonly<Record<string, "next" | "stop">>;

/** Most exceptions that a trunk may have. */
export const maximumFailoverOverrides = 64;

/** Reads `{"503":"stop","404":"next"}`: final SIP status codes from 300 on, and what an attempt that gets one does. */
export function readFailoverOverrides(text: string | null): FailoverOverrides {
  const given = text === null ? {} : parsed(text);
  const entries = Object.entries(given);
  if (entries.length > maximumFailoverOverrides) {
    throw new ApiError(
      "invalidParameter",
      `FailoverOverrides has more than ${maximumFailoverOverrides} entries.`,
    );
  }
  for (const [statusCode, verdict] of entries) {
    if (!/^[3-6]\d\d$/.test(statusCode) || (verdict !== "next" && verdict !== "stop")) refuse();
  }
  return given as FailoverOverrides;
}

function parsed(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse();
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : refuse();
}

function refuse(): never {
  throw new ApiError(
    "invalidParameter",
    'FailoverOverrides must be a JSON object of status codes 300-699 and "next" or "stop".',
  );
}
