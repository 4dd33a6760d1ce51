import { parseReason, splitList } from "@tandem/sip/message";

/** Q.850 causes and SIP status codes (RFC 3398 §7.2.4.1 and §8.2.6.1). */

/** Cause for a status code that ended a call in set-up; 31 (normal, unspecified) where the RFC names none. */
export function q850CauseOf(statusCode: number): number {
  return causes[statusCode] ?? (statusCode >= 600 ? 21 : statusCode >= 500 ? 41 : 31);
}

const causes: Readonly<Record<number, number>> = {
  400: 41,
  401: 21,
  402: 21,
  403: 21,
  404: 1,
  405: 63,
  406: 79,
  407: 21,
  408: 102,
  410: 22,
  413: 127,
  414: 127,
  415: 79,
  416: 127,
  420: 127,
  421: 127,
  423: 127,
  480: 18,
  481: 41,
  482: 25,
  483: 25,
  484: 28,
  485: 1,
  486: 17,
  487: 16,
  488: 65,
  500: 41,
  501: 79,
  502: 38,
  503: 41,
  504: 102,
  505: 127,
  513: 127,
  600: 17,
  603: 21,
  604: 1,
  606: 65,
  607: 21,
  608: 21,
};

const texts: Readonly<Record<number, string>> = {
  1: "Unallocated number",
  16: "Normal call clearing",
  17: "User busy",
  18: "No user responding",
  19: "No answer from user",
  21: "Call rejected",
  22: "Number changed",
  25: "Exchange routing error",
  28: "Invalid number format",
  31: "Normal, unspecified",
  38: "Network out of order",
  41: "Temporary failure",
  63: "Service or option not available",
  65: "Bearer capability not implemented",
  79: "Service or option not implemented",
  102: "Recovery on timer expiry",
  127: "Interworking, unspecified",
};

/** Value of a Reason header field (RFC 3326) with a Q.850 cause. */
export function q850Reason(cause: number): string {
  const text = texts[cause];
  return text === undefined ? `Q.850;cause=${cause}` : `Q.850;cause=${cause};text="${text}"`;
}

/** The Q.850 cause in Reason header field rows (RFC 3326); undefined when there is none from 1 to 127. */
export function q850CauseIn(rows: readonly string[]): number | undefined {
  for (const row of rows) {
    for (const value of splitList(row)) {
      const reason = parseReason(value);
      if (!reason.ok || reason.value.protocol !== "Q.850") continue;
      const cause = reason.value.cause ?? 0;
      if (cause >= 1 && cause <= 127) return cause;
    }
  }
  return undefined;
}
