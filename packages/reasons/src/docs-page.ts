import { reasons } from "./catalogue.ts";
import type { Reason } from "./reason.ts";
import { restErrors } from "./rest-catalogue.ts";
import type { RestError } from "./rest-error.ts";

/** The text of `docs/reasons.md`: every reason and REST error, by code. */
export function docsPage(): string {
  return [
    "# Reasons and errors",
    "",
    "Generated from `packages/reasons` by `node packages/reasons/src/write-docs.ts --write`. Do not edit.",
    "",
    "## Call reasons",
    "",
    "They stand in call records, alerts, `Warning: 399` header fields and the answers of `explain`. *Status* is the SIP",
    "response, if one is sent; *Q.850* the cause in the Reason header field; *retry* says whether the same call may",
    "succeed later or over another candidate without anybody changing anything.",
    "",
    "| code | name | status | Q.850 | blame | retry | level | meaning |",
    "|---|---|---|---|---|---|---|---|",
    ...byCode(Object.values(reasons)).map(reasonRow),
    "",
    "## REST errors",
    "",
    "They stand in `code` of an error answer.",
    "",
    "| code | name | HTTP status | meaning |",
    "|---|---|---|---|",
    ...byCode(Object.values(restErrors)).map(restErrorRow),
    "",
  ].join("\n");
}

function reasonRow(reason: Reason): string {
  const status = reason.statusCode === undefined ? "–" : `${reason.statusCode} ${reason.reasonPhrase}`;
  const retry = reason.isRetryable ? "yes" : "no";
  return `| ${reason.code} | ${reason.name} | ${status} | ${reason.q850Cause ?? "–"} | ${reason.blame} | ${retry} | ${reason.level} | ${reason.text} |`;
}

function restErrorRow(error: RestError): string {
  return `| ${error.code} | ${error.name} | ${error.httpStatus} | ${error.text} |`;
}

function byCode<T extends { readonly code: number }>(rows: readonly T[]): readonly T[] {
  return rows.toSorted((a, b) => a.code - b.code);
}
